#ifndef SSHOST_OUTPUT_MASK_IMAGE_H
#define SSHOST_OUTPUT_MASK_IMAGE_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <vector>

#include "data/sample.h"
#include "image/png_row_writer.h"

namespace sshost::output {

// Class numbers as PNG files have them: 8 bits for up to 256 classes, else 16.
//
// classes [h, w], integers -> CV_8UC1 or CV_16UC1.
cv::Mat index_mat(const at::Tensor& classes, int64_t count);

// The layout of a mask with the classes' colours as its palette, so that viewers show colours and programs read
// indices. With more than 256 classes grey, without colours.
image::PngLayout palette_layout(int64_t height, int64_t width, const std::vector<data::Class>& palette);

// The layout of a mask of plain numbers, below `count`, as grey.
image::PngLayout index_layout(int64_t height, int64_t width, int64_t count);

// Writes classes [h, w] as a PNG, with the palette or as grey. Throw Error with the path where it cannot be written; no
// file is left then.
void write_mask(const std::filesystem::path& path, const at::Tensor& classes, const std::vector<data::Class>& palette);
void write_index(const std::filesystem::path& path, const at::Tensor& classes, int64_t count);

// classes [h, w], integers -> CV_32SC1.
cv::Mat class_mat(const at::Tensor& classes);

// The classes' colours, CV_8UC3 RGB. What is no class (an ignored label) is black.
cv::Mat color_mask(const at::Tensor& classes, const std::vector<data::Class>& palette);

// Writes a CV_8UC3 RGB image in the format of the path's ending. Throws Error with the path.
void write_image(const std::filesystem::path& path, const cv::Mat& rgb);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_MASK_IMAGE_H
