#ifndef SSHOST_LAYER_CONV_H
#define SSHOST_LAYER_CONV_H

#include <sshost/abi/layers.h>

#include <array>
#include <memory>
#include <optional>

#include "layer/activation.h"
#include "layer/layer.h"
#include "layer/norm.h"

namespace sshost::layer {

// Convolution -> norm -> (+ residual) -> activation, over one or more inputs. The plain implementation: inputs are
// resized, concatenated and convolved; it serves training, and is what a faster one has to equal.
class Conv final : public Layer {
 public:
  Conv(state::Builder& builder, const ss_conv_spec& spec);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;

 private:
  using Pair = std::array<int64_t, 2>;

  void check(const ss_conv_spec& spec) const;
  void declare(state::Builder& builder, const ss_conv_spec& spec);
  at::Tensor gather(std::span<const at::Tensor> inputs) const;
  at::Tensor convolve(state::ExecutionContext& context, const at::Tensor& input) const;
  at::Tensor add_residual(at::Tensor output, const at::Tensor& residual) const;

  int64_t in_channels_;
  bool transposed_;
  Pair stride_;
  Pair padding_;
  Pair dilation_;
  Pair output_padding_;
  int64_t groups_;
  ss_resize_kind resize_;
  state::StateId weight_ = 0;
  std::optional<state::StateId> bias_;
  std::unique_ptr<Norm> norm_;
  std::unique_ptr<Activation> activation_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_CONV_H
