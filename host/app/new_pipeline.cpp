#include "app/new_pipeline.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/opened_pipeline.h"
#include "base/error.h"
#include "base/shell_word.h"
#include "config/option_value.h"
#include "data/class_lists.h"
#include "data/dataset.h"
#include "data/inspection.h"
#include "file/atomic_file.h"
#include "file/real_path.h"
#include "run/model.h"
#include "run/split_check.h"

namespace sshost::app {
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
  const fs::path base = file::real_path(file).parent_path();
  return fs::proximate(fs::canonical(folder), base).string();
}

// Throws where it is not valid, which is a mistake of the draft: then the file does not stay.
run::Session check(const fs::path& file, const std::shared_ptr<Log>& log) try {
  run::Session opened = open_pipeline({.file = file}, log);
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

}  // namespace

NewPipeline write_new_pipeline(const fs::path& folder, const fs::path& file) {
  if (!fs::is_directory(folder)) {
    throw UsageError("expected a folder of pictures; there is none at " + folder.string());
  }
  const fs::path target = file.empty() ? file_for(folder) : file;
  if (fs::exists(target)) {
    throw UsageError(target.string() + " is there already; name another file by --output, or remove it");
  }
  NewPipeline made{target, draft::draft_pipeline(folder, root_for(folder, target), shell_word(target.string()))};
  file::write_file(target, made.draft.yaml);
  return made;
}

SplitSizes fit_new_pipeline(NewPipeline& made, const std::shared_ptr<Log>& log) {
  run::Session opened = check(made.file, log);
  {
    const run::QuietPlugins quiet;
    made.draft.set_seed(find_seed(opened));
  }
  file::write_file(made.file, made.draft.yaml);
  opened = check(made.file, log);
  const run::QuietPlugins quiet;  // what matters of it is among the assumptions
  const config::DataConfig& data = opened.pipeline.data;
  const auto train = run::open_dataset(opened, data.train.split),
             evaluated = run::open_dataset(opened, data.evaluate.split);
  const data::ClassList of_train = run::class_list(*train), of_evaluated = run::class_list(*evaluated);
  if (of_train.names != of_evaluated.names) made.draft.set_classes(data::one_list(of_train, of_evaluated));
  if (train->size() < opened.pipeline.train.batch_size) made.draft.set_batch_size(train->size());
  file::write_file(made.file, made.draft.yaml);
  try_samples(opened, *train);
  try_samples(opened, *evaluated);
  return {train->size(), evaluated->size()};
}

}  // namespace sshost::app
