#ifndef SSHOST_IMAGE_PNG_ROW_WRITER_H
#define SSHOST_IMAGE_PNG_ROW_WRITER_H

#include <filesystem>
#include <opencv2/core.hpp>

#include "file/atomic_file.h"
#include "image/png_encoder.h"

namespace sshost::image {

// Writes a PNG file from top to bottom. The file appears under its name with `commit`, or not at all
// (file/atomic_file.h). Functions throw Error with the path. Threads: one at a time.
class PngRowWriter {
 public:
  PngRowWriter(const std::filesystem::path& path, const PngLayout& layout);

  // The next rows, as PngEncoder takes them.
  void write(const cv::Mat& rows);

  // After the last row.
  void commit();

 private:
  std::filesystem::path path_;
  file::AtomicFile file_;
  PngEncoder encoder_;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ROW_WRITER_H
