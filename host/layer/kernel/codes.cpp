#include "layer/kernel/codes.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/_empty_affine_quantized.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/quantize_per_tensor.h>
#include <c10/util/Exception.h>

namespace sshost::layer::kernel {
namespace {

// LibTorch says once that a later one will have no such tensors, which whoever runs a model can do nothing about.
void keep_quiet() {
  struct Quiet final : c10::WarningHandler {
    void process(const c10::Warning&) override {}
  };
  static const bool is_said = [] {
    Quiet quiet;
    const c10::WarningUtils::WarningHandlerGuard guard(&quiet);
    return at::_empty_affine_quantized({0}, at::TensorOptions(at::kQUInt8), 1, 0).defined();
  }();
  static_cast<void>(is_said);
}

}  // namespace

at::Tensor to_codes(const at::Tensor& map, const state::Codes& codes) {
  if (map.is_quantized()) {
    if (codes_of(map) == codes) return map.contiguous(at::MemoryFormat::ChannelsLast);
    return to_codes(map.dequantize(), codes);
  }
  keep_quiet();
  return at::quantize_per_tensor(map.to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast), codes.scale,
                                 codes.zero_point, at::kQUInt8);
}

at::Tensor bytes_of(const at::Tensor& quantised) {
  at::Tensor bytes = at::empty({0}, at::kByte);
  return bytes.set_(quantised.storage(), quantised.storage_offset(), quantised.sizes(), quantised.strides());
}

at::Tensor as_codes(const at::Tensor& bytes, const state::Codes& codes) {
  keep_quiet();
  at::Tensor quantised =
      at::_empty_affine_quantized({0}, at::TensorOptions(at::kQUInt8), codes.scale, codes.zero_point);
  return quantised.set_(bytes.storage(), bytes.storage_offset(), bytes.sizes(), bytes.strides());
}

state::Codes codes_of(const at::Tensor& quantised) { return {quantised.q_scale(), quantised.q_zero_point()}; }

}  // namespace sshost::layer::kernel
