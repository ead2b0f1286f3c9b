#ifndef SSHOST_OUTPUT_PREDICTION_ROWS_H
#define SSHOST_OUTPUT_PREDICTION_ROWS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "image/png_row_writer.h"
#include "output/prediction_writer.h"

namespace sshost::output {

// Writes one image's prediction row by row, for images that are too large to be in memory: index, palette and overlay,
// with the names and contents that PredictionWriter gives them; but the overlay is "<id>.overlay.png", as JPEG ends at
// 65,535 pixels. Files appear with `commit`, or not at all. Threads: one at a time.
class PredictionRows {
 public:
  // Throws UsageError where a format needs the whole image.
  PredictionRows(const PredictionOptions& options, const std::string& id, int64_t height, int64_t width);

  // The next rows: classes int64 [rows, width] on the CPU, image CV_8UC3 RGB. Throw Error with the path.
  void write(const at::Tensor& classes, const cv::Mat& image);
  void commit();

  // The files that are written for an image of this id.
  static std::vector<std::filesystem::path> files_of(const PredictionOptions& options, const std::string& id);

  // The first of `formats` that needs the whole image; empty where none does.
  static std::string format_against_rows(const std::vector<std::string>& formats);

 private:
  using Draw = std::function<cv::Mat(const at::Tensor& classes, const cv::Mat& image)>;
  struct File {
    std::unique_ptr<image::PngRowWriter> writer;
    Draw draw;  // the file's rows
  };

  std::vector<File> files_;
};

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_PREDICTION_ROWS_H
