// What the memory's update needs of a batch: sums over the pixels of each class, which add up over processes.
#ifndef SSHOST_MCIBI_CLASS_STATISTICS_HPP
#define SSHOST_MCIBI_CLASS_STATISTICS_HPP

#include <sshost/tensor.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mcibi {

enum class Strategy {
  mean,               // every pixel of a class counts the same
  cosine_similarity,  // a pixel counts the more, the less it resembles the memory: 1 - cos(f, M)
};

// K classes, m vectors each, C channels. A pixel belongs to the vector of its class that it resembles most.
struct ClassStatistics {
  ss::Tensor feature_sum;   // [K, C]: of all pixels of the class
  ss::Tensor pixel_count;   // [K, m]: pixels of each vector
  ss::Tensor weight_sum;    // [K, m]: of the pixels' weights by the strategy
  ss::Tensor weighted_sum;  // [K, m, C]: of weight times feature

  std::vector<ss::Tensor> tensors() const { return {feature_sum, pixel_count, weight_sum, weighted_sum}; }
  static ClassStatistics from(std::span<const ss::Tensor> tensors);
};

// representation: [N, C, h, w], counted as if resized bilinearly to the labels' size (see sshost/pixel_sources.hpp),
// without a gradient; labels: int64 [N, H, W], those outside [0, K) ignored; memory: [K, m, C].
ClassStatistics class_statistics(const ss::Tensor& representation, const ss::Tensor& labels, const ss::Tensor& memory,
                                 Strategy strategy);

}  // namespace mcibi

#endif
