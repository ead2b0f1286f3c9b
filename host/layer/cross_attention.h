#ifndef SSHOST_LAYER_CROSS_ATTENTION_H
#define SSHOST_LAYER_CROSS_ATTENTION_H

#include <sshost/abi/layers.h>

#include "layer/layer.h"
#include "layer/projection.h"

namespace sshost::layer {

// Multi-head attention of tokens to others, of another number and width.
class CrossAttention final : public Layer {
 public:
  CrossAttention(state::Builder& builder, const ss_cross_attention_spec& spec);

  at::Tensor attend_to(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& source,
                       const at::Tensor& bias, const at::Tensor& mask) const override;

 private:
  void require_tokens(const char* what, const at::Tensor& tokens, int64_t channels) const;

  int64_t channels_;
  int64_t source_channels_;
  int64_t heads_;
  Projection query_;
  Projection key_value_;
  Projection out_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_CROSS_ATTENTION_H
