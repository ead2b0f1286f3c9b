#include "train/interval_means.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/label_set.h"

namespace sshost::train {
namespace {

void add_loss(std::vector<std::pair<std::string, double>>& sums, const LossValue& loss) {
  const auto known = std::find_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.first == loss.name; });
  if (known == sums.end()) {
    sums.emplace_back(loss.name, loss.value);
  } else {
    known->second += loss.value;
  }
}

// The pixels of all ranks, the ignored ones last.
std::vector<int64_t> sum_over(const state::Ranks& ranks, std::vector<int64_t> pixels) {
  if (ranks.alone()) return pixels;
  ranks.sum({at::from_blob(pixels.data(), {static_cast<int64_t>(pixels.size())}, at::kLong)});
  return pixels;
}

}  // namespace

void IntervalMeans::count(const at::Tensor& labels) {
  if (!labels.defined()) return;
  const at::Tensor values = labels.contiguous();
  const auto* label = values.const_data_ptr<int64_t>();
  const auto classes = static_cast<int64_t>(sums_.class_pixels.size());
  int64_t counted = 0;
  const int64_t end = are_sets_ ? int64_t{1} << classes : classes;
  for (int64_t i = 0; i < values.numel(); ++i) {
    if (label[i] < 0 || label[i] >= end) continue;
    ++counted;
    if (are_sets_) {
      data::for_each_class(static_cast<int32_t>(label[i]),
                           [&](int k) { ++sums_.class_pixels[static_cast<size_t>(k)]; });
    } else {
      ++sums_.class_pixels[static_cast<size_t>(label[i])];
    }
  }
  sums_.ignored_pixels += values.numel() - counted;
}

void IntervalMeans::add(const StepRecord& step) {
  ++sums_.steps;
  for (const LossValue& loss : step.losses) add_loss(sums_.losses, loss);
  sums_.seconds += step.seconds;
  sums_.loading_seconds += step.loading_seconds;
}

StepRecord IntervalMeans::take(StepRecord last, const state::Ranks& ranks) {
  gather(ranks);
  const auto steps = static_cast<double>(sums_.steps);
  last.loss = 0;
  last.losses.clear();
  for (const auto& [name, sum] : sums_.losses) last.losses.push_back({name, sum / steps});
  for (const LossValue& loss : last.losses) last.loss += loss.value;
  last.seconds = sums_.seconds / steps;
  last.loading_seconds = sums_.loading_seconds / steps;
  last.mean_of = sums_.steps;
  last.class_pixels = sums_.class_pixels;
  last.ignored_pixels = sums_.ignored_pixels;
  sums_ = {};
  sums_.class_pixels.resize(last.class_pixels.size());
  return last;
}

const checkpoint::IntervalSums& IntervalMeans::gather(const state::Ranks& ranks) {
  std::vector<int64_t> pixels = sums_.class_pixels;
  pixels.push_back(sums_.ignored_pixels);
  pixels = sum_over(ranks, std::move(pixels));
  if (!ranks.is_first()) std::fill(pixels.begin(), pixels.end(), 0);
  sums_.ignored_pixels = pixels.back();
  pixels.pop_back();
  sums_.class_pixels = std::move(pixels);
  return sums_;
}

void IntervalMeans::resume(const checkpoint::IntervalSums& sums, const state::Ranks& ranks) {
  const size_t classes = sums_.class_pixels.size();
  sums_ = sums;
  if (ranks.is_first() && sums.class_pixels.size() == classes) return;
  sums_.class_pixels.assign(classes, 0);
  sums_.ignored_pixels = 0;
}

nlohmann::json to_json(const StepRecord& record) {
  nlohmann::json losses = nlohmann::json::object();
  for (const LossValue& loss : record.losses) losses[loss.name] = loss.value;
  return {{"kind", "train"},
          {"step", record.step},
          {"steps", record.mean_of},
          {"epoch", record.epoch},
          {"learning_rate", record.learning_rate},
          {"loss", record.loss},
          {"losses", losses},
          {"seconds", record.seconds},
          {"loading_seconds", record.loading_seconds},
          {"images", record.images},
          {"class_pixels", record.class_pixels},
          {"ignored_pixels", record.ignored_pixels}};
}

}  // namespace sshost::train
