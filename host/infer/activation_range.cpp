#include "infer/activation_range.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/aminmax.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.h"

namespace sshost::infer {
namespace {

constexpr int64_t kValuesOfMap = 4096;

state::Codes codes_for(float low, float high) {
  const double scale = std::max((static_cast<double>(high) - static_cast<double>(low)) / 255, 1e-12);
  return {scale, std::clamp<int64_t>(std::lround(-static_cast<double>(low) / scale), 0, 255)};
}

// The one below which `part` of the values lie.
float quantile(std::vector<float>& values, double part) {
  const auto last = static_cast<double>(values.size() - 1);
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::lround(part * last));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

const std::vector<RangeMethod>& range_methods() {
  static const std::vector<RangeMethod> methods = {
      {"percentile 99.99", 99.99}, {"mean squared error", 0}, {"percentile 99.9", 99.9}, {"largest", 100}};
  return methods;
}

void ActivationRange::add(const at::Tensor& map) {
  const at::Tensor dense = map.is_non_overlapping_and_dense() ? map : map.contiguous();
  const auto [least, largest] = at::aminmax(dense);
  if (!std::isfinite(least.item<float>()) || !std::isfinite(largest.item<float>())) {
    throw Error("an activation is not finite (NaN or infinite): int8 has no code for it");
  }
  // An odd step meets all channels, of which there is mostly an even number.
  const int64_t step = std::max<int64_t>(1, dense.numel() / kValuesOfMap) | 1;
  const float* value = dense.const_data_ptr<float>();
  for (int64_t i = 0; i < dense.numel(); i += step) values_.push_back(value[i]);
  least_ = std::min(least_, least.item<float>());
  largest_ = std::max(largest_, largest.item<float>());
}

void ActivationRange::add(const ActivationRange& other) {
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  least_ = std::min(least_, other.least_);
  largest_ = std::max(largest_, other.largest_);
}

state::Codes ActivationRange::codes(const RangeMethod& method) const {
  if (values_.empty()) throw Error("an activation was not seen on any image");
  const Range found = range(method);
  return codes_for(found.low, found.high);
}

ActivationRange::Range ActivationRange::range(const RangeMethod& method) const {
  if (method.percentile == 0) return least_error();
  if (method.percentile == 100) return {least_, largest_};
  std::vector<float> values = values_;
  const double part = method.percentile / 100;
  return {std::min(0.0F, quantile(values, 1 - part)), std::max(0.0F, quantile(values, part))};
}

ActivationRange::Range ActivationRange::least_error() const {
  constexpr int kSteps = 40;
  Range best{least_, largest_};
  double least = error(best);
  for (int i = 1; i < kSteps; ++i) {
    const float part = 1 - static_cast<float>(i) / kSteps;
    const Range tried{least_ * part, largest_ * part};
    const double found = error(tried);
    if (found >= least) continue;
    least = found;
    best = tried;
  }
  return best;
}

double ActivationRange::error(const Range& range) const {
  const state::Codes codes = codes_for(range.low, range.high);
  const auto scale = static_cast<float>(codes.scale);
  const auto zero = static_cast<float>(codes.zero_point);
  double sum = 0;
  for (const float value : values_) {
    const float code = std::clamp(std::nearbyint(value / scale) + zero, 0.0F, 255.0F);
    const double difference = static_cast<double>((code - zero) * scale - value);
    sum += difference * difference;
  }
  return sum;
}

}  // namespace sshost::infer
