#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/validation.h"
#include "base/shell_word.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {

int validate_pipeline(const ValidateArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const ss_options_object& resolved = opened.pipeline.resolved;
  const auto found = app::validate(opened, arguments.file.empty() ? arguments.checkpoint : arguments.file);
  if (session.is_json() || !arguments.print) app::say_libraries_beside(opened, session.log());
  for (const std::string& line : found.warnings) session.log().warning(line);
  if (session.is_json()) {
    print_document(to_json(found, arguments.print ? &resolved : nullptr));
    return kDone;
  }
  if (arguments.print) {
    std::fputs(config::to_yaml(resolved).c_str(), stdout);
    return kDone;
  }
  if (!opened.fitted.empty()) session.log().info(opened.fitted);
  session.log().info(found.pipeline + ": the pipeline is valid" +
                     (found.why_not_checked.empty() ? "" : "; its model is unchecked: " + found.why_not_checked));
  if (!found.warnings.empty() && !arguments.file.empty()) {
    session.log().info("`sshost data doctor " + shell_word(arguments.file) +
                       "` reads all samples and says what mends it");
  }
  return kDone;
}

}  // namespace sshost::cli
