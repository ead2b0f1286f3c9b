#ifndef SSHOST_LAYER_ACTIVATION_H
#define SSHOST_LAYER_ACTIVATION_H

#include <sshost/abi/layers.h>

#include <optional>

#include "layer/layer.h"

namespace sshost::layer {

// relu, leaky_relu, prelu (He et al., ICCV 2015), gelu (Hendrycks & Gimpel, 2016, exact), silu, relu6, hardswish and
// hardsigmoid (Howard et al., "Searching for MobileNetV3", ICCV 2019), elu (Clevert et al., ICLR 2016).
class Activation final : public Layer {
 public:
  // `name` is also the place of a prelu's weight. Throws Error for a kind that there is not, or for none.
  Activation(state::Builder& builder, std::string name, const ss_activation_spec& spec);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;

  bool is_relu() const { return kind_ == SS_ACTIVATION_RELU; }

  // The same in place where that is possible: `fresh` is nobody else's, and no backward needs it.
  at::Tensor activate_fresh(state::ExecutionContext& context, at::Tensor fresh) const;

 private:
  at::Tensor activate(state::ExecutionContext& context, const at::Tensor& input) const;

  ss_activation_kind kind_;
  double slope_;
  state::StateId weight_ = 0;  // of a prelu
};

// Nothing for no spec and for SS_ACTIVATION_NONE.
std::unique_ptr<Activation> make_activation(state::Builder& builder, std::string name, const ss_activation_spec* spec);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_ACTIVATION_H
