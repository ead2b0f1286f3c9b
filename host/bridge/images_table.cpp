#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "image/image_file.h"
#include "image/warnings.h"

namespace sshost::bridge {
namespace {

image::Mode mode_of(ss_image_mode mode) {
  switch (mode) {
    case SS_IMAGE_RGB:
      return image::Mode::kRgb;
    case SS_IMAGE_LABEL:
      return image::Mode::kLabel;
    case SS_IMAGE_COLOR_LABEL:
      return image::Mode::kColorLabel;
    case SS_IMAGE_SAMPLES:
      return image::Mode::kSamples;
    default:
      throw StatusError(SS_INVALID_ARGUMENT, std::to_string(mode) + " is no image mode of the contract");
  }
}

// As the contract wants it: a label of 16 bits is SS_INT32, samples are SS_FLOAT32.
cv::Mat read_pixels(const std::string& path, image::Mode mode) try {
  const image::Image image = image::read_image(path, mode);
  if (!image.warning.empty()) image::Warnings::add(image.warning);
  if (image.pixels.depth() != CV_16U) return image.pixels;
  cv::Mat wide;
  image.pixels.convertTo(wide, mode == image::Mode::kSamples ? CV_32F : CV_32S);
  return wide;
} catch (const StatusError&) {
  throw;
} catch (const Error& error) {
  throw StatusError(SS_IO, error.what());
}

ss_dtype dtype_of(const cv::Mat& pixels) {
  if (pixels.depth() == CV_32S) return SS_INT32;
  return pixels.depth() == CV_32F ? SS_FLOAT32 : SS_UINT8;
}

ss_status read(ss_string path, ss_image_mode mode, ss_image* out) {
  return guarded([&] {
    if (!SS_HAS(ss_image, out, owner)) throw StatusError(SS_INVALID_ARGUMENT, "ss_image: size is not set");
    auto pixels = std::make_unique<cv::Mat>(read_pixels(std::string(view(path)), mode_of(mode)));
    out->dtype = dtype_of(*pixels);
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
