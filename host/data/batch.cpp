#include "data/batch.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "base/error.h"
#include "data/size_text.h"

// Pixels are copied by OpenCV and plain loops, not by tensor operators: those would start a pool of OpenMP threads
// beside each loader thread.

namespace sshost::data {

namespace {

void check_alike(const Sample& first, const Sample& other) {
  if (other.image.size() != first.image.size()) {
    throw Error("samples of one batch differ in size: \"" + first.id + "\" is " + size_text(first.image) + ", \"" +
                other.id + "\" " + size_text(other.image) +
                "; for training, end the transforms with random_crop and pad of one size; for evaluation, set "
                "evaluate.batch_size to 1");
  }
  if (other.image.channels() != first.image.channels()) {
    throw Error("samples of one batch differ: \"" + first.id + "\" has " + std::to_string(first.image.channels()) +
                " channels, \"" + other.id + "\" " + std::to_string(other.image.channels()));
  }
  if (other.label.empty() != first.label.empty()) {
    const auto& [without, with] = other.label.empty() ? std::tie(other, first) : std::tie(first, other);
    throw Error("samples of one batch differ: \"" + with.id + "\" has a label and \"" + without.id + "\" has none");
  }
}

// Interleaved pixels into planes, one behind the other.
void copy_image(const cv::Mat& image, float* to) {
  cv::Mat pixels = image;
  if (pixels.depth() != CV_32F) image.convertTo(pixels, CV_32F);
  const size_t plane = pixels.total();
  std::vector<cv::Mat> planes(static_cast<size_t>(pixels.channels()));
  for (size_t channel = 0; channel < planes.size(); ++channel) {
    planes[channel] = cv::Mat(pixels.rows, pixels.cols, CV_32F, to + channel * plane);
  }
  cv::split(pixels, planes.data());
}

void copy_label(const cv::Mat& label, int64_t* to) {
  for (int row = 0; row < label.rows; ++row, to += label.cols) {
    const auto* values = label.ptr<int32_t>(row);
    std::copy(values, values + label.cols, to);
  }
}

}  // namespace

at::Tensor to_tensor(const cv::Mat& label) {
  at::Tensor tensor = at::empty({label.rows, label.cols}, at::kLong);
  copy_label(label, tensor.data_ptr<int64_t>());
  return tensor;
}

Batch make_batch(std::span<const Sample> samples) {
  const Sample& first = samples.front();
  const auto count = static_cast<int64_t>(samples.size());
  const int64_t rows = first.image.rows;
  const int64_t columns = first.image.cols;
  for (const Sample& sample : samples) check_alike(first, sample);

  Batch batch;
  const int64_t channels = first.image.channels();
  batch.images = at::empty({count, channels, rows, columns}, at::kFloat);
  if (!first.label.empty()) batch.labels = at::empty({count, rows, columns}, at::kLong);
  for (int64_t n = 0; n < count; ++n) {
    const Sample& sample = samples[n];
    copy_image(sample.image, batch.images.data_ptr<float>() + n * channels * rows * columns);
    if (batch.labels.defined()) copy_label(sample.label, batch.labels.data_ptr<int64_t>() + n * rows * columns);
    batch.ids.push_back(sample.id);
    batch.original.push_back(sample.image.size());
  }
  return batch;
}

}  // namespace sshost::data
