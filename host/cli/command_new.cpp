#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/printable.h"
#include "base/shell_word.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "data/class_lists.h"
#include "data/dataset.h"
#include "data/inspection.h"
#include "draft/draft.h"
#include "file/atomic_file.h"
#include "run/model.h"
#include "run/split_check.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

// The name of a folder also where it is "." or ends with a slash.
std::string name_of(const fs::path& folder) {
  const fs::path whole = fs::canonical(folder);
  return whole.has_filename() ? whole.filename().string() : "pictures";
}

// Called as the folder is, as far as a run may be called so; what begins with a dash would be taken for an option.
fs::path file_for(const fs::path& folder) {
  std::string name = name_of(folder) + ".yaml";
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '_');
  return name.starts_with('-') ? "./" + name : name;
}

// As it stands in the pipeline's file, relative to that.
std::string root_for(const fs::path& folder, const fs::path& file) {
  const fs::path base = fs::weakly_canonical(fs::absolute(file)).parent_path();
  return fs::proximate(fs::canonical(folder), base).string();
}

// Throws where it is not valid, which is a mistake of the draft: then the file does not stay.
run::Session check(const Session& session, const fs::path& file) try {
  PipelineArguments arguments;
  arguments.file = file.string();
  run::Session opened = session.open_pipeline(arguments);
  run::require_separate_splits(opened);
  run::check_model(opened, run::dataset_info(opened));
  return opened;
} catch (const UsageError&) {
  fs::remove(file);
  throw;
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

// Of a few images, by chance none may be evaluated, or most of them: the first seed with which it is about a fifth, else
// the nearest to that.
int64_t find_seed(const run::Session& opened) {
  constexpr int64_t kTried = 20;
  constexpr double kWanted = 0.2, kNear = 0.05;
  const ss_options_object* division = opened.pipeline.data.dataset.options->find("split");
  if (division == nullptr || division->is_null()) return 0;
  int64_t best = 0;
  double nearest = 1;
  for (int64_t seed = 0; seed < kTried && nearest > kNear; ++seed) {
    const auto train = static_cast<double>(size_of(opened, "train", seed));
    const auto val = static_cast<double>(size_of(opened, "val", seed));
    if (val == 0 || train == 0) continue;
    const double distance = std::abs(val / (train + val) - kWanted);
    if (distance >= nearest) continue;
    nearest = distance;
    best = seed;
  }
  return best;
}

// A few samples of each split, as the pipeline reads them.
void try_samples(const run::Session& opened, const data::Dataset& split) {
  constexpr int64_t kTried = 4;
  const bool reads_colors = false;
  const data::Inspection seen =
      data::inspect(split, {kTried, reads_colors, opened.pipeline.data.strict_images}, [](int64_t, int64_t) {});
  if (!seen.broken.empty()) throw Error(seen.broken.front());
}

// What opening the pipeline tells of its splits is put into it, and into the file. Throws Error where a split cannot be
// read as the pipeline says.
void fit(draft::Draft& draft, const Session& session, const fs::path& file, report::Console& console) {
  run::Session opened = check(session, file);
  {
    const run::QuietPlugins quiet;
    draft.set_seed(find_seed(opened));
  }
  file::write_file(file, draft.yaml);
  opened = check(session, file);
  const run::QuietPlugins quiet;  // what matters of it is among the assumptions
  const config::DataConfig& data = opened.pipeline.data;
  const auto train = run::open_dataset(opened, data.train.split),
             evaluated = run::open_dataset(opened, data.evaluate.split);
  const data::ClassList of_train = run::class_list(*train), of_evaluated = run::class_list(*evaluated);
  if (of_train.names != of_evaluated.names) draft.set_classes(data::one_list(of_train, of_evaluated));
  if (train->size() < opened.pipeline.train.batch_size) draft.set_batch_size(train->size());
  file::write_file(file, draft.yaml);
  try_samples(opened, *train);
  try_samples(opened, *evaluated);
  console.line("  - " + std::to_string(train->size()) + " images are trained with, " +
               std::to_string(evaluated->size()) + " evaluated");
}

}  // namespace

int make_pipeline(const NewArguments& arguments) {
  if (!fs::is_directory(arguments.folder)) {
    throw UsageError("expected a folder of pictures; there is none at " + arguments.folder.string());
  }
  const fs::path file = arguments.output.empty() ? file_for(arguments.folder) : arguments.output;
  if (fs::exists(file)) {
    throw UsageError(file.string() + " is there already; name another file by --output, or remove it");
  }
  Session session(arguments.talk);
  draft::Draft draft =
      draft::draft_pipeline(arguments.folder, root_for(arguments.folder, file), shell_word(file.string()));
  file::write_file(file, draft.yaml);
  report::Console& console = session.console();
  console.line(printable_line(file.string() + ": a pipeline for " + arguments.folder.string()) +
               ". It takes for granted:");
  for (const std::string& line : draft.assumptions) console.line("  - " + printable_line(line));
  try {
    fit(draft, session, file, console);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(file.string() + " is written, but its pictures cannot be read as it says: " + error.what() +
                "\n`sshost data doctor " + shell_word(file.string()) + "` says what else there is");
  }
  console.line("Look at it, give the classes their names, and go on with");
  for (const char* command : {"data preview", "data doctor", "run"}) {
    console.line("  sshost " + std::string(command) + " " + shell_word(file.string()));
  }
  return kDone;
}

}  // namespace sshost::cli
