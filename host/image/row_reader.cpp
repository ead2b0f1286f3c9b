#include "image/row_reader.h"

#include <limits>
#include <string>

#include "base/error.h"
#include "base/printable.h"
#include "base/size_text.h"
#include "image/decoding_stop.h"
#include "image/formats.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

Error named(const std::filesystem::path& path, const std::string& reason) {
  return Error("image " + printable_line(path.string()) + ": " + reason);
}

}  // namespace

RowReader::RowReader(int64_t width, int64_t height) : width_(width), height_(height) {
  constexpr int64_t most = std::numeric_limits<int>::max();  // of OpenCV
  if (width < 1 || height < 1 || width > most / 3 || height > most) {
    throw Error(size_text(height, width) + " is no size of an image");
  }
}

std::string RowReader::warning() const {
  const std::string text = decoder_warning();
  return text.empty() ? text : named(path_, text).what();
}

cv::Mat RowReader::read(int64_t count) try {
  if (count > height_ - row_) throw Error("expected " + std::to_string(count) + " more rows behind the last one");
  cv::Mat rows(static_cast<int>(count), static_cast<int>(width_), CV_8UC3);
  for (int y = 0; y < rows.rows; ++y, ++row_) {
    DecodingStop::check();
    read_row(rows.ptr(y));
  }
  return rows;
} catch (const Error& error) {
  throw named(path_, error.what());
}

std::unique_ptr<RowReader> open_rows(const std::filesystem::path& path) try {
  auto source = std::make_unique<FileSource>(path);
  const Format* format = find_format(*source);
  if (format == nullptr || format->open_rows == nullptr) return nullptr;
  const uint64_t bytes = source->size();
  auto rows = format->open_rows(std::move(source));
  check_density(rows->width(), rows->height(), bytes);
  rows->path_ = path;
  return rows;
} catch (const file::UnreadableFile& error) {
  throw named(path, error.reason());
} catch (const Error& error) {
  throw named(path, error.what());
}

}  // namespace sshost::image
