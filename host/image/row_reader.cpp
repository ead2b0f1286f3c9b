#include "image/row_reader.h"

#include <array>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/png_rows.h"
#include "image/tiff_rows.h"

namespace sshost::image {
namespace {

constexpr std::string_view kPng{"\x89PNG\r\n\x1a\n", 8};
constexpr std::array<std::string_view, 4> kTiff = {std::string_view{"II*\0", 4}, std::string_view{"MM\0*", 4},
                                                   std::string_view{"II+\0", 4}, std::string_view{"MM\0+", 4}};

std::string first_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error("image " + path.string() + ": cannot be read");
  std::string bytes(kPng.size(), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  return bytes;
}

}  // namespace

RowReader::RowReader(std::filesystem::path path, int64_t width, int64_t height)
    : path_(std::move(path)), width_(width), height_(height) {
  constexpr int64_t most = std::numeric_limits<int>::max();  // of OpenCV
  if (width < 1 || height < 1 || width > most / 3 || height > most) {
    refuse(std::to_string(width) + " x " + std::to_string(height) + " is no size of an image");
  }
}

cv::Mat RowReader::read(int64_t count) {
  if (count > height_ - row_) refuse("expected " + std::to_string(count) + " more rows behind the last one");
  cv::Mat rows(static_cast<int>(count), static_cast<int>(width_), CV_8UC3);
  for (int y = 0; y < rows.rows; ++y, ++row_) read_row(rows.ptr(y));
  return rows;
}

void RowReader::refuse(const std::string& reason) const { throw Error("image " + path_.string() + ": " + reason); }

std::unique_ptr<RowReader> open_rows(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  if (bytes == kPng) return open_png_rows(path);
  for (const std::string_view magic : kTiff) {
    if (bytes.starts_with(magic)) return open_tiff_rows(path);
  }
  return nullptr;
}

}  // namespace sshost::image
