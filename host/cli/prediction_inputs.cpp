#include "cli/prediction_inputs.h"

#include <map>
#include <set>

#include "base/error.h"
#include "infer/predictor.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

// By its place in the folder and not by what a link in it leads to, which may lie anywhere.
fs::path name_below(const fs::path& folder, const fs::path& image) {
  return image.lexically_normal().lexically_relative(folder.lexically_normal());
}

}  // namespace

std::vector<PredictionInput> find_inputs(const std::vector<fs::path>& paths) {
  std::vector<PredictionInput> inputs;
  std::map<std::string, fs::path> seen;
  for (const fs::path& path : paths) {
    for (const fs::path& image : infer::find_images(path)) {
      const fs::path name = fs::is_directory(path) ? name_below(path, image) : image.filename();
      const std::string id = (name.parent_path() / name.stem()).string();
      const auto [earlier, is_new] = seen.emplace(id, image);
      if (!is_new) {
        throw UsageError("the predictions of " + earlier->second.string() + " and " + image.string() +
                         " would both be called \"" + id + "\"; predict them one by one, each with its own --output");
      }
      inputs.push_back({image, id});
    }
  }
  return inputs;
}

std::vector<PredictionInput> inputs_of(const data::Dataset& dataset) {
  std::vector<PredictionInput> inputs;
  for (int64_t index = 0; index < dataset.size(); ++index) {
    const data::Dataset::Description sample = dataset.describe(index);
    for (const std::string& path : {sample.image_path, sample.label_path}) {
      if (!path.empty()) inputs.push_back({path, sample.id});
    }
  }
  return inputs;
}

void require_apart(const output::PredictionOptions& options, const std::vector<PredictionInput>& inputs) {
  std::set<fs::path> kept;
  for (const PredictionInput& input : inputs) kept.insert(fs::weakly_canonical(input.path));
  for (const PredictionInput& input : inputs) {
    for (const fs::path& file : output::files_of(options, input.id)) {
      if (!kept.contains(fs::weakly_canonical(file))) continue;
      throw UsageError("the prediction of " + input.path.string() + " would overwrite " + file.string() +
                       ", which is to be read; name another folder by --output");
    }
  }
}

}  // namespace sshost::cli
