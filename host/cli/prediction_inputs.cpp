#include "cli/prediction_inputs.h"

#include <map>

#include "base/error.h"
#include "infer/predictor.h"
#include "output/own_files.h"

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

void require_own_files(const output::PredictionOptions& options, const data::Dataset& dataset) {
  std::vector<output::PredictionSource> sources;
  std::vector<fs::path> read;
  for (int64_t index = 0; index < dataset.size(); ++index) {
    const data::Dataset::Description sample = dataset.describe(index);
    sources.push_back({dataset.name_of(index), sample.id, {}});
    for (const std::string& path : {sample.image_path, sample.label_path}) {
      if (!path.empty()) read.emplace_back(path);
    }
  }
  output::require_own_files(options, sources, read);
}

}  // namespace sshost::cli
