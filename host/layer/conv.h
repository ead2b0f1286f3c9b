#ifndef SSHOST_LAYER_CONV_H
#define SSHOST_LAYER_CONV_H

#include <sshost/abi/layers.h>

#include <array>
#include <memory>
#include <optional>

#include "layer/activation.h"
#include "layer/kernel/conv_problem.h"
#include "layer/layer.h"
#include "layer/norm.h"

namespace sshost::layer {

// Convolution -> norm -> (+ residual) -> activation, over one or more inputs: these are resized, concatenated and
// convolved. So it is in training. Inference that brings a place for prepared weights (ExecutionContext::prepared) has
// the norm folded into the convolution, and the algorithm of layer/kernel that suits the shape.
class Conv final : public Layer {
 public:
  Conv(state::Builder& builder, const ss_conv_spec& spec);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;

 private:
  using Pair = std::array<int64_t, 2>;
  struct Split;

  void check(const ss_conv_spec& spec) const;
  void declare(state::Builder& builder, const ss_conv_spec& spec);
  void check_inputs(std::span<const at::Tensor> inputs) const;
  at::Tensor gather(std::span<const at::Tensor> inputs) const;
  at::Tensor convolve(state::ExecutionContext& context, const at::Tensor& input) const;
  bool is_prepared_in(const state::ExecutionContext& context, std::span<const at::Tensor> inputs) const;
  at::Tensor infer(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const;
  at::Tensor run_kernels(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                         const at::Tensor& residual) const;
  at::Tensor add_coarse(state::ExecutionContext& context, std::span<const at::Tensor> inputs, const Split& split,
                        const at::Tensor& residual) const;
  at::Tensor run_kernel(state::ExecutionContext& context, const at::Tensor& input, const Split& split,
                        const at::Tensor& residual) const;
  kernel::ConvProblem problem(const state::ExecutionContext& context) const;
  bool has_relu() const;
  std::array<int64_t, 4> output_sizes(const at::Tensor& input) const;
  void check_residual(at::IntArrayRef sizes, const at::Tensor& residual) const;
  at::Tensor add_residual(at::Tensor output, const at::Tensor& residual) const;

  kernel::ConvShape shape_;
  bool transposed_;
  Pair output_padding_;
  ss_resize_kind resize_;
  state::StateId weight_ = 0;
  std::optional<state::StateId> bias_;
  std::unique_ptr<Norm> norm_;
  std::unique_ptr<Activation> activation_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_CONV_H
