#include "layer/dropout.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <vector>

namespace sshost::layer {

Dropout::Dropout(ss_dropout_kind kind, double probability) : Layer("dropout"), kind_(kind), probability_(probability) {
  if (kind < SS_DROPOUT_ELEMENT || kind > SS_DROPOUT_PATH) {
    refuse("unknown ss_dropout_kind " + std::to_string(kind));
  }
  if (!(probability >= 0 && probability <= 1)) {
    refuse("the probability must lie in [0, 1], found " + std::to_string(probability));
  }
}

at::Tensor Dropout::apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                          const at::Tensor& residual) const {
  const at::Tensor& input = only_input(inputs, residual);
  if (!context.training || !context.drops || probability_ == 0) return input;
  if (probability_ == 1) return input * 0;

  const std::size_t axes = static_cast<std::size_t>(input.dim());
  const std::size_t kept = kind_ == SS_DROPOUT_ELEMENT ? axes : kind_ == SS_DROPOUT_CHANNEL ? 2 : 1;
  std::vector<int64_t> sizes(axes, 1);
  std::copy_n(input.sizes().begin(), std::min(kept, axes), sizes.begin());
  const double keep = 1 - probability_;
  const at::Tensor noise = at::empty(sizes, input.options()).bernoulli_(keep, context.generator).div_(keep);
  return input * noise;
}

}  // namespace sshost::layer
