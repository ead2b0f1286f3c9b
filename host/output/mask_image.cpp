#include "output/mask_image.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "data/palette.h"
#include "file/atomic_file.h"
#include "image/encoding_error.h"
#include "image/jpeg_encoder.h"

namespace sshost::output {
namespace {

constexpr int64_t kMostInByte = 256;

template <typename Index>
cv::Mat to_mat(const at::Tensor& classes, int type) {
  const at::Tensor values = classes.to(at::kCPU, at::kLong).contiguous();
  cv::Mat mat(static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), type);
  const auto* source = values.const_data_ptr<int64_t>();
  std::transform(source, source + values.numel(), mat.ptr<Index>(),
                 [](int64_t value) { return static_cast<Index>(value); });
  return mat;
}

void write_whole(const std::filesystem::path& path, const image::PngLayout& layout, const cv::Mat& rows) {
  image::PngRowWriter writer(path, layout);
  writer.write(rows);
  writer.commit();
}

// As the name's ending says.
std::vector<uint8_t> encode(const std::filesystem::path& path, const cv::Mat& rgb) try {
  constexpr int kQuality = 95;
  const std::string ending = path.extension().string();
  if (ending == ".png") return image::encode_png(rgb, image::PngEffort::kLittle);
  if (ending == ".jpg" || ending == ".jpeg") return image::encode_jpeg(rgb, kQuality);
  throw image::EncodingError("expected a name that ends in .png or .jpg");
} catch (const image::EncodingError& error) {
  throw Error("cannot encode " + path.string() + ": " + error.what());
}

}  // namespace

cv::Mat index_mat(const at::Tensor& classes, int64_t count) {
  return count <= kMostInByte ? to_mat<uint8_t>(classes, CV_8UC1) : to_mat<uint16_t>(classes, CV_16UC1);
}

image::PngLayout palette_layout(int64_t height, int64_t width, const std::vector<data::Class>& palette) {
  const auto count = static_cast<int64_t>(palette.size());
  if (count > kMostInByte) return index_layout(height, width, count);
  return {width, height, image::PngPixel::kPalette, data::palette_of(palette)};
}

image::PngLayout index_layout(int64_t height, int64_t width, int64_t count) {
  return {width, height, count <= kMostInByte ? image::PngPixel::kGrey8 : image::PngPixel::kGrey16};
}

void write_mask(const std::filesystem::path& path, const at::Tensor& classes, const std::vector<data::Class>& palette) {
  write_whole(path, palette_layout(classes.size(0), classes.size(1), palette),
              index_mat(classes, static_cast<int64_t>(palette.size())));
}

void write_index(const std::filesystem::path& path, const at::Tensor& classes, int64_t count) {
  write_whole(path, index_layout(classes.size(0), classes.size(1), count), index_mat(classes, count));
}

cv::Mat class_mat(const at::Tensor& classes) { return to_mat<int32_t>(classes, CV_32SC1); }

cv::Mat color_mask(const at::Tensor& classes, const std::vector<data::Class>& palette) {
  const cv::Mat indices = class_mat(classes);
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

void write_image(const std::filesystem::path& path, const cv::Mat& rgb) {
  const std::vector<uint8_t> bytes = encode(path, rgb);
  file::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace sshost::output
