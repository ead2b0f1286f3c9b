#include <filesystem>
#include <string>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "data/dataset.h"
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
run::Session check(const Session& session, const fs::path& file) {
  PipelineArguments arguments;
  arguments.file = file.string();
  run::Session opened = session.open_pipeline(arguments);
  run::require_separate_splits(opened);
  run::check_model(opened, run::dataset_info(opened));
  return opened;
}

// Samples of a split with this seed; 0 where there is none, or it cannot be opened.
int64_t size_of(const run::Session& opened, const std::string& split, int64_t seed) {
  const config::ComponentConfig& config = opened.pipeline.data.dataset;
  ss_options_object options = *config.options;
  options.at("split").set("seed", config::make_integer(seed));
  const plugin::Component& component = opened.registry->find(config.kind, config.type);
  try {
    return data::Dataset(*component.descriptor, component.path, &options, split).size();
  } catch (const Error&) {
    return 0;
  }
}

// Of a few images, by chance none may be evaluated, or most of them: the first seed with which it is about a fifth.
int64_t find_seed(const run::Session& opened) {
  constexpr int64_t kTried = 20;
  const ss_options_object* division = opened.pipeline.data.dataset.options->find("split");
  if (division == nullptr || division->is_null()) return 0;
  for (int64_t seed = 0; seed < kTried; ++seed) {
    const int64_t train = size_of(opened, "train", seed), val = size_of(opened, "val", seed);
    if (val > 0 && train >= 2 * val) return seed;
  }
  return 0;
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
  const int64_t seed = find_seed(check(session, file));
  if (seed != 0) file::write_file(file, draft.with_seed(seed));
  console.line("Look at it, give the classes their names, and go on with");
  for (const char* command : {"data preview", "data doctor", "run"}) {
    console.line("  sshost " + std::string(command) + " " + file.string());
  }
  return kDone;
}

}  // namespace sshost::cli
