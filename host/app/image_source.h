#ifndef SSHOST_APP_IMAGE_SOURCE_H
#define SSHOST_APP_IMAGE_SOURCE_H

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/log.h"
#include "config/pipeline.h"
#include "image/row_reader.h"

namespace sshost::app {

// The image's rows where it is to be predicted row by row; null where it is read as a whole, and where the image is
// large, or may be, why.
struct OpenedImage {
  std::unique_ptr<image::RowReader> rows;
  std::string reason_against;
};

// Reads images to be predicted, row by row where they are large and everything allows it, else as a whole.
class ImageSource {
 public:
  // The pipeline outlives it. `formats`: what is written. `streams`: row by row whatever the size.
  ImageSource(const config::Pipeline& pipeline, std::vector<std::string> formats, bool streams)
      : pipeline_(pipeline), formats_(std::move(formats)), streams_(streams) {}

  // Throws UsageError where it is to be read by rows and cannot be, data::BrokenSample where that is the file's fault.
  OpenedImage open(const std::filesystem::path& path) const;

  // What `open` gave no rows for. Warns of a large one. Throws data::BrokenSample.
  cv::Mat read_whole(const std::filesystem::path& path, const std::string& reason_against_rows, Log& log) const;

 private:
  std::string reason_against_rows() const;

  const config::Pipeline& pipeline_;
  std::vector<std::string> formats_;
  bool streams_;
};

}  // namespace sshost::app

#endif  // SSHOST_APP_IMAGE_SOURCE_H
