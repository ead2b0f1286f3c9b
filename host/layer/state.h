#ifndef SSHOST_LAYER_STATE_H
#define SSHOST_LAYER_STATE_H

#include <sshost/abi/layers.h>

#include "layer/layer.h"

namespace sshost::layer {

// A parameter or buffer of the component's own, which a plugin reads and, where it is a buffer, overwrites.
class State final : public Layer {
 public:
  State(state::Builder& builder, const ss_state_spec& spec);

  at::Tensor read(state::ExecutionContext& context) const override { return context.value(id_); }

  // In place and behind autograd's back: a backward that saved the buffer sees the new value and raises no error.
  void write(state::ExecutionContext& context, const at::Tensor& value) const override;

 private:
  bool trainable_;
  state::StateId id_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_STATE_H
