#include <filesystem>
#include <fstream>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "image/image_header.h"
#include "image/png_label.h"

namespace sshost::bridge {
namespace {

// 16384 x 16384. A PNG of some kilobytes may claim any size; what it claims is allocated before it is decoded. Formats
// whose header is not read here have OpenCV's own bound, four times as large.
constexpr int64_t kMostPixels = int64_t{1} << 28;

[[noreturn]] void refuse(const std::string& message) { throw StatusError(SS_IO, message); }

std::vector<uint8_t> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) refuse("no such file");
  if (!std::filesystem::is_regular_file(status)) refuse("not a regular file");
  std::vector<uint8_t> bytes(std::filesystem::file_size(path));
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file) refuse("cannot be read");
  if (bytes.empty()) refuse("the file is empty");
  return bytes;
}

void check_header(const image::ImageHeader& header) {
  if (!header.complete) refuse("broken JPEG: the file ends too early");
  if (header.width > 0 && header.height > kMostPixels / header.width) {
    refuse(std::to_string(header.width) + " x " + std::to_string(header.height) + " pixels are more than the " +
           std::to_string(kMostPixels) + " that are decoded");
  }
}

cv::Mat decode(const std::vector<uint8_t>& file, int flags) {
  cv::Mat image = cv::imdecode(file, flags);
  if (image.empty()) refuse("cannot be decoded: a broken file, or a format that is not known here");
  return image;
}

// 8 bits for each channel, no alpha, and upright unless told otherwise: OpenCV's IMREAD_COLOR does all of it.
cv::Mat decode_rgb(const std::vector<uint8_t>& file, int flags = 0) {
  const cv::Mat bgr = decode(file, cv::IMREAD_COLOR | flags);
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

cv::Mat decode_label(const std::vector<uint8_t>& file, image::ImageHeader::Format format) {
  const bool is_png = format == image::ImageHeader::Format::kPng;
  cv::Mat label = is_png ? image::decode_png_label(file) : decode(file, cv::IMREAD_UNCHANGED);
  if (label.type() == CV_8UC1) return label;
  if (label.type() != CV_16UC1) {
    refuse("a label has one channel of 8 or 16 bits, this image has " + std::to_string(label.channels()) + " of " +
           std::to_string(8 * label.elemSize1()));
  }
  cv::Mat wide;
  label.convertTo(wide, CV_32S);
  return wide;
}

cv::Mat read_image(const std::filesystem::path& path, ss_image_mode mode) {
  const std::vector<uint8_t> file = read_file(path);
  const image::ImageHeader header = image::read_image_header(file);
  check_header(header);
  switch (mode) {
    case SS_IMAGE_RGB:
      return decode_rgb(file);
    case SS_IMAGE_LABEL:
      return decode_label(file, header.format);
    case SS_IMAGE_COLOR_LABEL:
      return decode_rgb(file, cv::IMREAD_IGNORE_ORIENTATION);
    default:
      throw StatusError(SS_INVALID_ARGUMENT, std::to_string(mode) + " is no image mode of the contract");
  }
}

// Errors from below know nothing of the path.
cv::Mat read_named(const std::string& path, ss_image_mode mode) try {
  return read_image(path, mode);
} catch (const StatusError& error) {
  throw StatusError(error.status(), "image " + path + ": " + error.what());
} catch (const std::bad_alloc&) {
  throw StatusError(SS_OUT_OF_MEMORY, "image " + path + ": out of memory");
} catch (const std::exception& error) {  // OpenCV, the file system
  throw StatusError(SS_IO, "image " + path + ": " + error.what());
}

ss_status read(ss_string path, ss_image_mode mode, ss_image* out) {
  return guarded([&] {
    if (!SS_HAS(ss_image, out, owner)) throw StatusError(SS_INVALID_ARGUMENT, "ss_image: size is not set");
    auto pixels = std::make_unique<cv::Mat>(read_named(std::string(view(path)), mode));
    out->dtype = pixels->depth() == CV_32S ? SS_INT32 : SS_UINT8;
    out->height = pixels->rows;
    out->width = pixels->cols;
    out->channels = pixels->channels();
    out->pixels = pixels->data;
    out->owner = pixels.release();
  });
}

void release(ss_image* image) {
  if (image == nullptr) return;
  delete static_cast<cv::Mat*>(image->owner);
  image->pixels = nullptr;
  image->owner = nullptr;
}

constexpr ss_images_table kTable = {read, release};

}  // namespace

const ss_images_table* images_table() { return &kTable; }

}  // namespace sshost::bridge
