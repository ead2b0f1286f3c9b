#ifndef SSHOST_LAYER_LINEAR_H
#define SSHOST_LAYER_LINEAR_H

#include <sshost/abi/layers.h>

#include <memory>
#include <optional>

#include "layer/activation.h"
#include "layer/layer.h"

namespace sshost::layer {

// [..., in_features] -> [..., out_features], then the activation.
class Linear final : public Layer {
 public:
  Linear(state::Builder& builder, const ss_linear_spec& spec);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;

 private:
  state::StateId weight_ = 0;
  std::optional<state::StateId> bias_;
  std::unique_ptr<Activation> activation_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_LINEAR_H
