#ifndef SSHOST_LAYER_ATTENTION_H
#define SSHOST_LAYER_ATTENTION_H

#include <sshost/abi/layers.h>

#include "layer/layer.h"
#include "layer/projection.h"

namespace sshost::layer {

// Multi-head self-attention with a fused projection. Vaswani et al., "Attention Is All You Need", NeurIPS 2017.
class Attention final : public Layer {
 public:
  Attention(state::Builder& builder, const ss_attention_spec& spec);

  at::Tensor attend(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& bias,
                    const at::Tensor& mask) const override;

 private:
  int64_t channels_;
  int64_t heads_;
  Projection qkv_;
  Projection out_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_ATTENTION_H
