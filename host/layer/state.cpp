#include "layer/state.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "bridge/boundary.h"
#include "layer/initial.h"

namespace sshost::layer {
namespace {

at::Tensor checked_value(const ss_state_spec& spec, at::Generator& generator) {
  const std::string name(bridge::view(spec.name));
  try {
    const at::Tensor value = initial_value(spec, generator);
    if (spec.trainable != 0 && !value.is_floating_point()) throw Error("a parameter must be of floating point");
    return value;
  } catch (const Error& error) {
    throw Error("state \"" + name + "\": " + error.what());
  }
}

}  // namespace

State::State(state::Builder& builder, const ss_state_spec& spec)
    : Layer(std::string(bridge::view(spec.name))), trainable_(spec.trainable != 0) {
  const at::Tensor value = checked_value(spec, builder.generator());
  id_ = trainable_ ? builder.parameter(name(), value) : builder.buffer(name(), value, spec.persistent != 0);
}

void State::write(state::ExecutionContext& context, const at::Tensor& value) const {
  if (trainable_) refuse("`write` is for a buffer, and this is a parameter");
  const at::Tensor& buffer = context.value(id_);
  if (value.sizes() != buffer.sizes()) {
    refuse("`write` expected the shape " + c10::str(buffer.sizes()) + ", found " + c10::str(value.sizes()));
  }
  // variable_data() shares the storage but not the version counter, which autograd compares with what it saved.
  if (!context.recomputing) buffer.variable_data().copy_(value.detach());
}

}  // namespace sshost::layer
