#include "output/prediction_rows.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "output/mask_image.h"
#include "output/overlay.h"

namespace sshost::output {
namespace {

constexpr std::array<std::string_view, 3> kByRows = {"index", "palette", "overlay"};

}  // namespace

PredictionRows::PredictionRows(const PredictionOptions& options, const std::string& id, int64_t height, int64_t width) {
  if (const std::string format = format_against_rows(options.formats); !format.empty()) {
    throw UsageError(
        "evaluate.prediction_formats: expected index, palette or overlay, which are written row by row; "
        "found " +
        format);
  }
  const auto count = static_cast<int64_t>(options.classes.size());
  const auto add = [&](const char* ending, const image::PngLayout& layout, Draw draw) {
    files_.push_back(
        {std::make_unique<image::PngRowWriter>(file_for(options.folder, id, ending), layout), std::move(draw)});
  };
  const auto indices = [count](const at::Tensor& classes, const cv::Mat&) { return index_mat(classes, count); };
  const auto overlay = [drawn = std::make_shared<Overlay>(options.classes, width)](
                           const at::Tensor& classes, const cv::Mat& image) { return drawn->next(image, classes); };
  for (const std::string& format : options.formats) {
    if (format == "index") add(".index.png", index_layout(height, width, count), indices);
    if (format == "palette") add(".png", palette_layout(height, width, options.classes), indices);
    if (format == "overlay") add(".overlay.png", {width, height, image::PngPixel::kRgb}, overlay);
  }
}

void PredictionRows::write(const at::Tensor& classes, const cv::Mat& image) {
  for (const File& file : files_) file.writer->write(file.draw(classes, image));
}

void PredictionRows::commit() {
  for (const File& file : files_) file.writer->commit();
}

std::string PredictionRows::format_against_rows(const std::vector<std::string>& formats) {
  const auto found = std::find_if(formats.begin(), formats.end(), [](const std::string& format) {
    return std::find(kByRows.begin(), kByRows.end(), format) == kByRows.end();
  });
  return found == formats.end() ? "" : *found;
}

}  // namespace sshost::output
