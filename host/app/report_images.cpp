#include "app/report_images.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>

#include "data/shown.h"

namespace sshost::app {
namespace {

// int64 [h, w] -> CV_32S.
cv::Mat to_mat(const at::Tensor& classes) {
  const at::Tensor values = classes.to(at::kCPU, at::kInt).contiguous();
  cv::Mat mat(static_cast<int>(values.size(0)), static_cast<int>(values.size(1)), CV_32S);
  std::copy_n(values.const_data_ptr<int>(), values.numel(), mat.ptr<int>());
  return mat;
}

}  // namespace

void ReportImages::add(const evaluate::EvaluatedImage& image) {
  if (wanted_ == 0) return;
  if (!image.label.defined()) {
    if (is_one_of_many(image)) chosen_.push_back({image.index, {image.id, {}, {}, to_mat(image.prediction)}});
    return;
  }
  if (std::isnan(image.score.mean_iou)) return;
  const auto full = static_cast<int64_t>(chosen_.size()) == wanted_;
  const auto last_of_worst = static_cast<int64_t>(worst_of(chosen_.size()));
  const auto is_between = [&](double value) {  // neither among the worst nor among the best
    const bool is_above = value >= chosen_[static_cast<size_t>(last_of_worst - 1)].comparison.mean_iou;
    const bool is_below =
        last_of_worst == wanted_ || value <= chosen_[static_cast<size_t>(last_of_worst)].comparison.mean_iou;
    return is_above && is_below;
  };
  if (full && is_between(image.score.mean_iou)) return;
  add_by_score({image.index, {image.id, {}, to_mat(image.label), to_mat(image.prediction), "", image.score.mean_iou}});
}

// One of `wanted` that are spread evenly over all.
bool ReportImages::is_one_of_many(const evaluate::EvaluatedImage& image) const {
  const int64_t wanted = std::min(wanted_, image.total);
  const auto before = [&](int64_t index) { return (index * wanted + image.total - 1) / image.total; };  // chosen ones
  return before(image.done) > before(image.done - 1);
}

// One too many: the one in the middle is neither of the worst nor of the best, whatever comes.
void ReportImages::add_by_score(Chosen chosen) {
  const auto place = std::upper_bound(
      chosen_.begin(), chosen_.end(), chosen,
      [](const Chosen& one, const Chosen& other) { return one.comparison.mean_iou < other.comparison.mean_iou; });
  chosen_.insert(place, std::move(chosen));
  if (static_cast<int64_t>(chosen_.size()) <= wanted_) return;
  chosen_.erase(chosen_.begin() + static_cast<std::ptrdiff_t>(worst_of(static_cast<size_t>(wanted_))));
}

std::vector<report::Comparison> ReportImages::take(data::Loader& loader) {
  std::vector<report::Comparison> comparisons;
  for (Chosen& chosen : chosen_) {
    chosen.comparison.image = data::shown(loader.stored(chosen.index).image);
    const bool is_scored = !chosen.comparison.truth.empty();
    const bool is_worst = comparisons.size() < worst_of(chosen_.size());
    if (is_scored) chosen.comparison.group = is_worst ? "The worst" : "The best";
    comparisons.push_back(std::move(chosen.comparison));
  }
  chosen_.clear();
  return comparisons;
}

}  // namespace sshost::app
