// The memory of MCIBI++: a mean and a standard deviation for each class, as a tensor [K, 2].
#ifndef SSHOST_MCIBIPLUSPLUS_CLASS_DISTRIBUTIONS_HPP
#define SSHOST_MCIBIPLUSPLUS_CLASS_DISTRIBUTIONS_HPP

#include <sshost/context.hpp>
#include <sshost/tensor.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace mcibiplusplus {

// Sums over the pixels of each class, which add up over processes.
struct ClassStatistics {
  ss::Tensor feature_sum;  // [K, C]
  ss::Tensor pixel_count;  // [K]

  std::vector<ss::Tensor> tensors() const { return {feature_sum, pixel_count}; }
  static ClassStatistics from(std::span<const ss::Tensor> tensors) { return {tensors[0], tensors[1]}; }
};

// representation: [N, C, h, w], counted as if resized bilinearly to the labels' size (see sshost/pixel_sources.hpp),
// without a gradient; labels: int64 [N, H, W], those outside [0, K) ignored.
ClassStatistics class_statistics(const ss::Tensor& representation, const ss::Tensor& labels, int64_t classes);

// The memory at the start: mean 0, deviation 1 for each class.
ss::Tensor standard_distributions(int64_t classes);

// The memory after the update; `momentum` is the weight of the batch. The mean representation of a class is taken as a
// sample of C values, whose mean and (unbiased) deviation those of the memory move towards. A class without pixels
// keeps its own.
ss::Tensor updated_distributions(const ss::Tensor& memory, const ClassStatistics& statistics, double momentum);

// A representation for each class, drawn from its distribution: [K, C] float32, the same for the same memory each time.
// As published, class c is drawn by a generator seeded with c, in float32 whatever the model computes in.
ss::Tensor class_vectors(ss::Context& ctx, const ss::Tensor& memory, int64_t channels);

}  // namespace mcibiplusplus

#endif
