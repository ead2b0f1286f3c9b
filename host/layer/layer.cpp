#include "layer/layer.h"

#include "base/error.h"

namespace sshost::layer {

at::Tensor Layer::apply(state::ExecutionContext&, std::span<const at::Tensor>, const at::Tensor&) const {
  refuse(
      "it cannot be applied to inputs: an attention is called with `attend` or `attend_to`, a state with `read` and "
      "`write`");
}

at::Tensor Layer::attend(state::ExecutionContext&, const at::Tensor&, const at::Tensor&, const at::Tensor&) const {
  refuse("`attend` is for an attention");
}

at::Tensor Layer::attend_to(state::ExecutionContext&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                            const at::Tensor&) const {
  refuse("`attend_to` is for a cross-attention");
}

at::Tensor Layer::read(state::ExecutionContext&) const { refuse("`read` is for a state"); }

void Layer::write(state::ExecutionContext&, const at::Tensor&) const { refuse("`write` is for a buffer"); }

void Layer::refuse(const std::string& what) const { throw Error("layer \"" + name_ + "\": " + what); }

const at::Tensor& Layer::only_input(std::span<const at::Tensor> inputs, const at::Tensor& residual) const {
  if (inputs.size() != 1) refuse("it takes 1 input, found " + std::to_string(inputs.size()));
  if (residual.defined()) refuse("a residual is for a conv");
  return inputs.front();
}

}  // namespace sshost::layer
