#include "app/prediction_inputs.h"

#include <map>

#include "base/error.h"
#include "file/find_files.h"
#include "output/own_files.h"

namespace sshost::app {
namespace {

namespace fs = std::filesystem;

// By its place in the folder and not by what a link in it leads to, which may lie anywhere.
fs::path name_below(const fs::path& folder, const fs::path& image) {
  return image.lexically_normal().lexically_relative(folder.lexically_normal());
}

// `path` itself, or the images in it and in its subfolders.
std::vector<fs::path> images_at(const fs::path& path, std::vector<std::string>& left_out) {
  std::error_code error;  // a loop of links is told of when it is read
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) throw UsageError("no such image or folder: " + path.string());
  if (!fs::is_directory(status)) return {path};
  const std::vector<file::Seen> seen = file::find_files(path, "**/*");
  std::vector<fs::path> images;
  for (const file::Seen& each : seen) {
    if (each.kind == SS_FILE_FOUND) images.push_back(each.path);
  }
  const std::string others = file::left_out_text(seen);
  if (images.empty()) {
    throw UsageError("no image in " + path.string() + " (JPEG, PNG, BMP, TIFF, WebP, PPM or PGM)" +
                     (others.empty() ? "" : ", but " + others));
  }
  if (!others.empty()) left_out.push_back(path.string() + ": left out: " + others);
  return images;
}

}  // namespace

FoundInputs find_inputs(const std::vector<fs::path>& paths) {
  FoundInputs found;
  std::map<std::string, fs::path> seen;
  for (const fs::path& path : paths) {
    for (const fs::path& image : images_at(path, found.left_out)) {
      const fs::path name = image == path ? image.filename() : name_below(path, image);
      const std::string id = (name.parent_path() / name.stem()).string();
      const auto [earlier, is_new] = seen.emplace(id, image);
      if (!is_new) {
        throw UsageError("the predictions of " + earlier->second.string() + " and " + image.string() +
                         " would both be called \"" + id + "\"; predict them one by one, each with its own --output");
      }
      found.inputs.push_back({image, id});
    }
  }
  return found;
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

}  // namespace sshost::app
