#ifndef SSHOST_DATA_BATCH_H
#define SSHOST_DATA_BATCH_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/sample.h"

namespace sshost::data {

// What a model is fed with, on the CPU. The vectors have one element for each sample.
struct Batch {
  at::Tensor images;  // [N, C, H, W] float32
  at::Tensor labels;  // [N, H, W] int64; undefined where no sample has a label
  std::vector<std::string> ids;
  std::vector<int64_t> indices;             // in the data set; filled in by the loader
  std::vector<cv::Size> original;           // of the stored image, before any transform
  std::vector<at::Tensor> original_labels;  // [h, w] int64, as stored; empty unless LoaderOptions asks for them
};

// Copies samples of one size into a batch; `original` is their present size and the labels are all there or all absent.
// Error with both ids where two samples differ in size or channels or only one has a label.
Batch make_batch(std::span<const Sample> samples);

// A label (CV_32S) as a tensor [H, W] int64.
at::Tensor to_tensor(const cv::Mat& label);

}  // namespace sshost::data

#endif  // SSHOST_DATA_BATCH_H
