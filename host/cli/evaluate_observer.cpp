#include "cli/evaluate_observer.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace sshost::cli {
namespace {

// int64 [h, w] -> CV_32S.
cv::Mat to_mat(const at::Tensor& classes) {
  const at::Tensor values = classes.to(at::kCPU, at::kInt).contiguous();
  cv::Mat mat(static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), CV_32S);
  std::copy_n(values.const_data_ptr<int>(), values.numel(), mat.ptr<int>());
  return mat;
}

}  // namespace

void EvaluateObserver::on_image(const evaluate::EvaluatedImage& image) {
  const std::string line = progress_.image({image.done, image.total, image.seconds});
  if (!line.empty()) log_.progress(line);
  // The loader gave the model a transformed image; people want the stored one.
  const auto stored = [&] { return loader_.stored(image.index).image; };
  if (output_.writer != nullptr) output_.writer->write({image.id, image.prediction, image.scores, stored});
  if (!is_for_report(image)) return;
  const cv::Mat truth = image.label.defined() ? to_mat(image.label) : cv::Mat();
  comparisons_.push_back({image.id, stored(), truth, to_mat(image.prediction)});
}

// One of `report_images` that are spread evenly over all.
bool EvaluateObserver::is_for_report(const evaluate::EvaluatedImage& image) const {
  const int64_t wanted = std::min(output_.report_images, image.total);
  const auto before = [&](int64_t index) { return (index * wanted + image.total - 1) / image.total; };  // chosen ones
  return before(image.done) > before(image.done - 1);
}

}  // namespace sshost::cli
