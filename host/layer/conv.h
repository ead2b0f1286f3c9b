#ifndef SSHOST_LAYER_CONV_H
#define SSHOST_LAYER_CONV_H

#include <sshost/abi/layers.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "layer/activation.h"
#include "layer/kernel/conv_problem.h"
#include "layer/layer.h"
#include "layer/norm.h"

namespace sshost::layer {

// Convolution -> norm -> (+ residual) -> activation, over one or more inputs: these are resized, concatenated and
// convolved. So it is in training. Inference that brings a place for prepared weights (ExecutionContext::prepared) has
// the norm folded into the convolution, and the algorithm of layer/kernel that suits the shape. In int8
// (ExecutionContext::precision) it takes maps of codes and gives them (layer/kernel/codes.h), where the store says so; in
// bfloat16 it takes and gives that, unless it ends with its sums, as what gives the scores of classes does.
class Conv final : public Layer {
 public:
  Conv(state::Builder& builder, const ss_conv_spec& spec);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;
  bool takes_codes() const override { return true; }

 private:
  using Pair = std::array<int64_t, 2>;
  using Inputs = std::span<const at::Tensor>;
  // The convolution of an input with the residual, undefined for none, added to it.
  using Products = std::function<at::Tensor(const at::Tensor& residual)>;
  struct Split;

  void check(const ss_conv_spec& spec) const;
  void check_same(const ss_conv_spec& spec) const;
  void keep_size();
  void declare(state::Builder& builder, const ss_conv_spec& spec);
  void check_inputs(std::span<const at::Tensor> inputs) const;
  at::Tensor gather(std::span<const at::Tensor> inputs) const;
  at::Tensor convolve(state::ExecutionContext& context, const at::Tensor& input) const;
  at::Tensor compute(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const;
  bool is_prepared_in(const state::ExecutionContext& context, Inputs inputs) const;
  const state::QuantisedConv* quantised_in(const state::ExecutionContext& context, Inputs inputs) const;
  at::Tensor infer(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const;
  bool is_bfloat16_in(const state::ExecutionContext& context, Inputs inputs) const;
  at::Tensor infer_bfloat16(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const;
  at::Tensor infer_int8(state::ExecutionContext& context, const state::QuantisedConv& codes, Inputs inputs,
                        const at::Tensor& residual) const;
  at::Tensor finish(state::ExecutionContext& context, const at::Tensor& input, const at::Tensor& residual,
                    const Products& products) const;
  void tell(const state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual,
            const at::Tensor& output) const;
  Split split_of(Inputs inputs) const;
  at::Tensor codes_of(Inputs inputs, const Split& split, const state::Codes& codes) const;
  at::Tensor add_coarse(state::ExecutionContext& context, Inputs inputs, const Split& split,
                        const at::Tensor& residual) const;
  at::Tensor run_kernel(state::ExecutionContext& context, const at::Tensor& input, const Split& split,
                        const at::Tensor& residual) const;
  kernel::ConvProblem problem(const state::ExecutionContext& context, const Split& split) const;
  kernel::ConvProblem problem(const state::ExecutionContext& context) const;
  bool has_relu() const;
  std::array<int64_t, 4> output_sizes(const at::Tensor& input) const;
  void check_residual(at::IntArrayRef sizes, const at::Tensor& residual) const;
  at::Tensor add_residual(at::Tensor output, const at::Tensor& residual) const;

  kernel::ConvShape shape_;
  Pair more_padding_{};  // zeros at the bottom and on the right, beside those of the shape
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
