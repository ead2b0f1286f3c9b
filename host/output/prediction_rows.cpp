#include "output/prediction_rows.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "output/mask_image.h"
#include "output/overlay.h"

namespace sshost::output {
namespace {

struct Format {
  std::string_view name;
  const char* ending;
};

constexpr std::array<Format, 3> kByRows = {Format{"index", ".index.png"}, Format{"palette", ".png"},
                                           Format{"overlay", ".overlay.png"}};

const Format* find(std::string_view name) {
  const auto* const found =
      std::find_if(kByRows.begin(), kByRows.end(), [&](const Format& format) { return format.name == name; });
  return found == kByRows.end() ? nullptr : found;
}

}  // namespace

PredictionRows::PredictionRows(const PredictionOptions& options, const std::string& id, int64_t height, int64_t width) {
  if (const std::string format = format_against_rows(options.formats); !format.empty()) {
    throw UsageError(
        "evaluate.prediction_formats: expected index, palette or overlay, which are written row by row; "
        "found " +
        format);
  }
  const auto count = static_cast<int64_t>(options.classes.size());
  const auto add = [&](const std::string& format, const image::PngLayout& layout, Draw draw) {
    const std::filesystem::path path = file_for(options.folder, id, find(format)->ending);
    files_.push_back({std::make_unique<image::PngRowWriter>(path, layout), std::move(draw)});
  };
  const auto indices = [count](const at::Tensor& classes, const cv::Mat&) { return index_mat(classes, count); };
  const auto overlay = [drawn = std::make_shared<Overlay>(options.classes, width)](
                           const at::Tensor& classes, const cv::Mat& image) { return drawn->next(image, classes); };
  for (const std::string& format : options.formats) {
    if (format == "index") add(format, index_layout(height, width, count), indices);
    if (format == "palette") add(format, palette_layout(height, width, options.classes), indices);
    if (format == "overlay") add(format, {width, height, image::PngPixel::kRgb}, overlay);
  }
}

void PredictionRows::write(const at::Tensor& classes, const cv::Mat& image) {
  for (const File& file : files_) file.writer->write(file.draw(classes, image));
}

void PredictionRows::commit() {
  for (const File& file : files_) file.writer->commit();
}

std::vector<std::filesystem::path> PredictionRows::files_of(const PredictionOptions& options, const std::string& id) {
  std::vector<std::filesystem::path> files;
  for (const std::string& format : options.formats) {
    if (const Format* found = find(format)) files.push_back(options.folder / (id + found->ending));
  }
  return files;
}

std::string PredictionRows::format_against_rows(const std::vector<std::string>& formats) {
  for (const std::string& format : formats) {
    if (find(format) == nullptr) return format;
  }
  return "";
}

}  // namespace sshost::output
