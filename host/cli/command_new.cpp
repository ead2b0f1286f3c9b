#include <filesystem>
#include <string>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"
#include "draft/draft.h"
#include "file/atomic_file.h"
#include "run/model.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

// The name of a folder also where it is "." or ends with a slash.
std::string name_of(const fs::path& folder) {
  const fs::path whole = fs::canonical(folder);
  return whole.has_filename() ? whole.filename().string() : "pictures";
}

// As it stands in the pipeline's file, relative to that.
std::string root_for(const fs::path& folder, const fs::path& file) {
  const fs::path base = fs::weakly_canonical(fs::absolute(file)).parent_path();
  return fs::proximate(fs::canonical(folder), base).string();
}

// Throws where it is not valid, which is a mistake of the draft.
void check(const Session& session, const fs::path& file) {
  PipelineArguments arguments;
  arguments.file = file.string();
  const run::Session opened = session.open_pipeline(arguments);
  run::require_separate_splits(opened);
  run::check_model(opened, run::dataset_info(opened));
}

}  // namespace

int make_pipeline(const NewArguments& arguments) {
  if (!fs::is_directory(arguments.folder)) {
    throw UsageError("expected a folder of pictures; there is none at " + arguments.folder.string());
  }
  const fs::path file = arguments.output.empty() ? fs::path(name_of(arguments.folder) + ".yaml") : arguments.output;
  if (fs::exists(file)) {
    throw UsageError(file.string() + " is there already; name another file by --output, or remove it");
  }
  Session session(arguments.talk);
  const draft::Draft draft = draft::draft_pipeline(arguments.folder, root_for(arguments.folder, file), file.string());
  file::write_file(file, draft.yaml);
  report::Console& console = session.console();
  console.line(file.string() + ": a pipeline for " + arguments.folder.string() + ". It takes for granted:");
  for (const std::string& line : draft.assumptions) console.line("  - " + line);
  check(session, file);
  console.line("Look at it, give the classes their names, and go on with");
  for (const char* command : {"data preview", "data doctor", "run"}) {
    console.line("  sshost " + std::string(command) + " " + file.string());
  }
  return kDone;
}

}  // namespace sshost::cli
