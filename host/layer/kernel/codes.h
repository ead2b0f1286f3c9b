// Activations in 8 bits. LibTorch's quantised tensors (QUInt8) carry their scale and zero point with them, so that
// whoever is handed one knows its values.
#ifndef SSHOST_LAYER_KERNEL_CODES_H
#define SSHOST_LAYER_KERNEL_CODES_H

#include <ATen/core/Tensor.h>

#include "state/quantisation.h"

namespace sshost::layer::kernel {

// A map as codes, channels last: float32 rounded to the nearest code, to even where two are as near, and what is beyond
// the codes' range to its ends. Codes that are these already are returned as they are.
at::Tensor to_codes(const at::Tensor& map, const state::Codes& codes);

// The codes of a quantised tensor as uint8, in the same memory; and a quantised tensor of uint8, likewise.
at::Tensor bytes_of(const at::Tensor& quantised);
at::Tensor as_codes(const at::Tensor& bytes, const state::Codes& codes);

// Of a quantised tensor.
state::Codes codes_of(const at::Tensor& quantised);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_CODES_H
