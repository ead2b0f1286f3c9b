#include <nlohmann/json.hpp>
#include <string>

#include "app/preview.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {

int preview_data(const PreviewArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const app::Preview drawn = app::draw_preview(
      opened, {arguments.evaluate, arguments.count, arguments.width, arguments.columns, arguments.sheet});
  if (session.is_json()) {
    print_document(
        {{"sheet", arguments.sheet}, {"split", drawn.split}, {"samples", drawn.size}, {"shown", drawn.samples}});
  }
  session.console().line(arguments.sheet + ": " + std::to_string(drawn.samples) + " samples of split " + drawn.split +
                         ", which has " + std::to_string(drawn.size) +
                         ", behind their transforms, each beside its label");
  return kDone;
}

}  // namespace sshost::cli
