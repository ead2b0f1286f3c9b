#ifndef SSHOST_LAYER_ATTENTION_H
#define SSHOST_LAYER_ATTENTION_H

#include <sshost/abi/layers.h>

#include <optional>

#include "layer/layer.h"

namespace sshost::layer {

// Multi-head self-attention with a fused projection. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
class Attention final : public Layer {
 public:
  Attention(model::Builder& builder, const ss_attention_spec& spec);

  at::Tensor attend(model::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& bias,
                    const at::Tensor& mask) const override;

 private:
  struct Projection {
    model::StateId weight = 0;
    std::optional<model::StateId> bias;
  };

  Projection declare(model::Builder& builder, const std::string& prefix, const at::Tensor& weight, bool bias) const;
  static at::Tensor project(model::ExecutionContext& context, const Projection& projection, const at::Tensor& input);

  int64_t channels_;
  int64_t heads_;
  Projection qkv_;
  Projection out_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_ATTENTION_H
