#include "memory_update.hpp"

#include <sshost/ops.hpp>

namespace mcibi {
namespace {

// A sum of weights 1 - cos(f, M) below this, per pixel, is rounding: every pixel equals the vector.
double least_weight(ss::Dtype dtype) { return dtype == ss::Dtype::float64 ? 1e-14 : 1e-6; }

// Vectors that are still zero: boolean [K, m].
ss::Tensor empty_vectors(const ss::Tensor& memory) { return ss::sum(ss::abs(memory), {2}) == 0; }

// The first empty vector of each class, as a mask [K, m]; all false if there is none.
ss::Tensor first_of(const ss::Tensor& empty) {
  const ss::Tensor count = ss::cumsum(ss::to(empty, ss::Dtype::int64), 1);
  return ss::logical_and(empty, count == 1);
}

ss::Tensor moved(const ss::Tensor& memory, const ClassStatistics& statistics, double momentum) {
  const ss::Tensor least = statistics.pixel_count * least_weight(memory.dtype());
  const ss::Tensor target = ss::where(ss::unsqueeze(statistics.weight_sum > least, 2),
                                      statistics.weighted_sum / ss::unsqueeze(statistics.weight_sum, 2), memory);
  const ss::Tensor has_pixels = ss::unsqueeze(statistics.pixel_count > 0, 2);
  return memory * (1 - momentum) + ss::where(has_pixels, target, ss::zeros_like(memory)) * momentum;
}

}  // namespace

ss::Tensor updated_memory(const ss::Tensor& memory, const ClassStatistics& statistics, double momentum) {
  const ss::Tensor class_count = ss::sum(statistics.pixel_count, {1}, true);  // [K, 1]
  const ss::Tensor present = class_count > 0;
  const ss::Tensor empty = empty_vectors(memory);
  const ss::Tensor starting = ss::sum(ss::to(empty, ss::Dtype::int64), {1}, true) > 0;  // [K, 1]

  const ss::Tensor mean = ss::expand_as(ss::unsqueeze(statistics.feature_sum / class_count, 1), memory);
  const ss::Tensor started = ss::where(ss::unsqueeze(first_of(empty), 2), mean, memory);
  const ss::Tensor changed = ss::where(ss::unsqueeze(starting, 2), started, moved(memory, statistics, momentum));
  return ss::where(ss::unsqueeze(present, 2), changed, memory);
}

}  // namespace mcibi
