// Tensors made from their names, so that two implementations can be compared without shipping weights: a 64-bit FNV-1a
// hash of the name seeds a splitmix64 sequence, and the last part of the name chooses the range.
#ifndef SSHOST_TESTS_PARITY_DETERMINISTIC_H
#define SSHOST_TESTS_PARITY_DETERMINISTIC_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>

namespace sshost::parity {

// The weight, statistic or memory that a checkpoint holds under `name`: float64 values rounded once to float32.
// Integers, counters at zero and indices, are none of these.
at::Tensor deterministic_state(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed, double gain);

// A network input [N, 3, H, W] in [-2, 2), float32.
at::Tensor deterministic_image(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_DETERMINISTIC_H
