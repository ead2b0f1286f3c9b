#include "engine/mask_image.h"

#include <ATen/ATen.h>
#include <png.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "checkpoint/atomic_file.h"
#include "error.h"

namespace sshost::engine {
namespace {

constexpr double kMaskOpacity = 0.5;
constexpr size_t kMaxPalette = 256;

// 8-bit indices with their colours; empty where libpng fails.
std::string encode_with_palette(const cv::Mat& indices, const std::vector<data::Class>& palette) {
  std::vector<uint8_t> colors;
  for (const data::Class& entry : palette) colors.insert(colors.end(), entry.color.begin(), entry.color.end());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(indices.cols);
  image.height = static_cast<png_uint_32>(indices.rows);
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = static_cast<png_uint_32>(palette.size());
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, indices.data, 0, colors.data()) == 0) return {};
  bytes.resize(size);
  return bytes;
}

std::string encode_grey16(const cv::Mat& indices) {
  std::vector<uint8_t> bytes;
  if (!cv::imencode(".png", indices, bytes)) return {};
  return {bytes.begin(), bytes.end()};
}

template <typename Index>
cv::Mat to_mat(const at::Tensor& classes, int type) {
  const at::Tensor values = classes.to(at::kCPU, at::kLong).contiguous();
  cv::Mat mat(static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), type);
  const auto* source = values.const_data_ptr<int64_t>();
  std::transform(source, source + values.numel(), mat.ptr<Index>(),
                 [](int64_t value) { return static_cast<Index>(value); });
  return mat;
}

}  // namespace

void write_mask(const std::filesystem::path& path, const at::Tensor& classes, const std::vector<data::Class>& palette) {
  const std::string bytes = palette.size() <= kMaxPalette
                                ? encode_with_palette(to_mat<uint8_t>(classes, CV_8UC1), palette)
                                : encode_grey16(to_mat<uint16_t>(classes, CV_16UC1));
  if (bytes.empty()) throw Error("cannot encode " + path.string());
  checkpoint::write_file(path, bytes);
}

cv::Mat color_mask(const at::Tensor& classes, const std::vector<data::Class>& palette) {
  const cv::Mat indices = to_mat<int32_t>(classes, CV_32SC1);
  cv::Mat colors(indices.size(), CV_8UC3, cv::Scalar::all(0));
  const auto count = static_cast<int32_t>(palette.size());
  for (int y = 0; y < indices.rows; ++y) {
    const auto* row = indices.ptr<int32_t>(y);
    auto* out = colors.ptr<cv::Vec3b>(y);
    for (int x = 0; x < indices.cols; ++x) {
      if (row[x] < 0 || row[x] >= count) continue;
      const auto& color = palette[static_cast<size_t>(row[x])].color;
      out[x] = {color[0], color[1], color[2]};
    }
  }
  return colors;
}

cv::Mat overlay_mask(const cv::Mat& image, const at::Tensor& classes, const std::vector<data::Class>& palette) {
  cv::Mat blended;
  cv::addWeighted(image, 1 - kMaskOpacity, color_mask(classes, palette), kMaskOpacity, 0, blended);
  return blended;
}

void write_image(const std::filesystem::path& path, const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<uint8_t> bytes;
  try {
    cv::imencode(path.extension().string(), bgr, bytes);
  } catch (const cv::Exception& error) {
    throw Error("cannot encode " + path.string() + ": " + error.err);
  }
  checkpoint::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace sshost::engine
