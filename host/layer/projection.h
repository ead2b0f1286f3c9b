#ifndef SSHOST_LAYER_PROJECTION_H
#define SSHOST_LAYER_PROJECTION_H

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "state/builder.h"
#include "state/execution_context.h"

namespace sshost::layer {

// A linear map of tokens inside an attention.
class Projection {
 public:
  // Its state is named prefix + "weight" and prefix + "bias": a prefix holds its own separator ("qkv.", "in_proj_").
  Projection(state::Builder& builder, const std::string& prefix, const at::Tensor& weight, bool bias);

  at::Tensor operator()(state::ExecutionContext& context, const at::Tensor& tokens) const;

 private:
  state::StateId weight_;
  std::optional<state::StateId> bias_;
};

// "fuse." of "fuse"; nothing of nothing.
std::string stem_of(const std::string& layer);

// What is added to the logits; both, one or neither may be undefined.
std::optional<at::Tensor> added_of(const at::Tensor& bias, const at::Tensor& mask);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_PROJECTION_H
