#include <string>

#include "app/new_pipeline.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/shell_word.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

// Throws Error that says how to go on where the pictures cannot be read.
app::SplitSizes fit(app::NewPipeline& made, const Session& session) try {
  return app::fit_new_pipeline(made, session.shared_log());
} catch (const UsageError&) {
  throw;
} catch (const Error& error) {
  throw Error(made.file.string() + " is written, but its pictures cannot be read as it says: " + error.what() +
              "\n`sshost data doctor " + shell_word(made.file.string()) + "` says what else there is");
}

}  // namespace

int make_pipeline(const NewArguments& arguments) {
  Session session(arguments.talk);
  app::NewPipeline made = app::write_new_pipeline(arguments.folder, arguments.output);
  const std::string file = made.file.string();
  report::Console& console = session.console();
  console.line(printable_line(file + ": a pipeline for " + arguments.folder.string()) + ". It takes for granted:");
  for (const std::string& line : made.draft.assumptions) console.line("  - " + printable_line(line));
  const app::SplitSizes images = fit(made, session);
  console.line("  - " + std::to_string(images.trained) + " images are trained with, " +
               std::to_string(images.evaluated) + " evaluated");
  console.line("Look at it, give the classes their names, and go on with");
  for (const char* command : {"data preview", "data doctor", "run"}) {
    console.line("  sshost " + std::string(command) + " " + shell_word(file));
  }
  return kDone;
}

}  // namespace sshost::cli
