#include "app/prediction_inputs.h"

#include <map>
#include <set>
#include <string_view>

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

// Of an option that is a list of them; empty where there is none. {split} and {class} are any.
std::vector<std::string> patterns_of(const ss_options_object& options, const std::string& name) {
  const ss_options_object* option = options.find(name);
  std::vector<std::string> patterns;
  if (option == nullptr || option->kind != ss_options_object::Kind::kList) return patterns;
  for (const ss_options_object& each : option->children) {
    std::string pattern = each.text;
    for (const std::string_view word : {"{split}", "{class}"}) {
      for (size_t at = pattern.find(word); at != std::string::npos; at = pattern.find(word)) {
        pattern.replace(at, word.size(), "*");
      }
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

// "*" or "*.png": what it finds may be a photograph as well.
bool names_nothing(const std::string& pattern) {
  const std::string stem = pattern.substr(0, pattern.rfind('.'));
  return stem.find_first_not_of('*') == std::string::npos;
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

void leave_out_labels(FoundInputs& found, const std::vector<fs::path>& paths, const config::Pipeline& pipeline) {
  std::set<fs::path> labels;
  for (const fs::path& path : paths) {
    std::error_code unknown;
    if (!fs::is_directory(path, unknown)) continue;
    for (const std::string& pattern : patterns_of(*pipeline.data.dataset.options, "labels")) {
      if (pattern.starts_with('/') || names_nothing(pattern)) continue;
      for (const file::Seen& seen : file::find_files(path, pattern)) {
        if (seen.kind == SS_FILE_FOUND) labels.insert(seen.path.lexically_normal());
      }
    }
  }
  std::vector<PredictionInput> others;
  for (const PredictionInput& input : found.inputs) {
    if (!labels.contains(input.path.lexically_normal())) others.push_back(input);
  }
  const size_t count = found.inputs.size() - others.size();
  if (count == 0 || others.empty()) return;
  found.inputs = std::move(others);
  found.left_out.push_back("left out: " + std::to_string(count) + " images that are labels by their names (such as " +
                           labels.begin()->string() + "); name them one by one to predict them");
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
