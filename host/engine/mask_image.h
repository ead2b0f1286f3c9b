#ifndef SSHOST_ENGINE_MASK_IMAGE_H
#define SSHOST_ENGINE_MASK_IMAGE_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <opencv2/core.hpp>
#include <vector>

#include "data/sample.h"

namespace sshost::engine {

// Writes classes [h, w] as a PNG: the class indices with the classes' colours as its palette, so that viewers show
// colours and programs read indices. With more than 256 classes 16 bits of grey, without colours.
// Throws Error with the path where it cannot be written; no file is left then.
void write_mask(const std::filesystem::path& path, const at::Tensor& classes, const std::vector<data::Class>& palette);

// The classes' colours, CV_8UC3 RGB. What is no class (an ignored label) is black.
cv::Mat color_mask(const at::Tensor& classes, const std::vector<data::Class>& palette);

// The image (CV_8UC3 RGB, of the mask's size) under a half transparent mask.
cv::Mat overlay_mask(const cv::Mat& image, const at::Tensor& classes, const std::vector<data::Class>& palette);

// Writes a CV_8UC3 RGB image in the format of the path's ending. Throws Error with the path.
void write_image(const std::filesystem::path& path, const cv::Mat& rgb);

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_MASK_IMAGE_H
