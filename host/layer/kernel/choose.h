#ifndef SSHOST_LAYER_KERNEL_CHOOSE_H
#define SSHOST_LAYER_KERNEL_CHOOSE_H

#include <cstdint>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

enum class ConvAlgorithm { kVendor, kPointwise, kShifted, kWinograd };

struct ConvChoice {
  ConvAlgorithm algorithm = ConvAlgorithm::kVendor;
  int tile = 0;  // m of kWinograd
};

// The algorithm that is expected to be the fastest for a map of `height` x `width`. It depends on the shape and the
// machine alone, so that results can be repeated.
//
// Costs are in products of the micro-kernel, in which what an algorithm moves is counted too; the factors were measured
// (docs/performance.md).
ConvChoice choose_conv(const ConvShape& shape, int64_t height, int64_t width);

// Whether oneDNN's convolution in bfloat16 is expected to be faster than that in float32. Without a unit for bfloat16 it
// is not, and yet the answer is yes: whoever asks for bfloat16 there wants its numbers.
bool pays_in_bfloat16(const ConvShape& shape, int64_t height, int64_t width);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_CHOOSE_H
