#ifndef SSHOST_LAYER_LAYER_H
#define SSHOST_LAYER_LAYER_H

#include <ATen/core/Tensor.h>

#include <span>
#include <string>

#include "state/builder.h"
#include "state/execution_context.h"

namespace sshost::layer {

// A layer that a component declared. It holds ids of its parameters, never tensors, and nothing that changes: the same
// layer serves training, inference and averaged weights, on several threads at once.
// A kind overrides what it can do; the rest refuses with an Error that names the layer.
class Layer : public ss_layer_object {
 public:
  explicit Layer(std::string name) : name_(std::move(name)) {}

  // As the component named it, for messages.
  const std::string& name() const { return name_; }

  // layers.h of the ABI: `apply`. `residual` is undefined where there is none.
  virtual at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                           const at::Tensor& residual) const;

  // Whether `apply` knows maps of codes (layer/kernel/codes.h). Others are given their values.
  virtual bool takes_codes() const { return false; }

  // `attend`. `bias` and `mask` are undefined where there is none.
  virtual at::Tensor attend(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& bias,
                            const at::Tensor& mask) const;

  // `attend_to` of ss.layers/2.
  virtual at::Tensor attend_to(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& source,
                               const at::Tensor& bias, const at::Tensor& mask) const;

  // `read` and `write`.
  virtual at::Tensor read(state::ExecutionContext& context) const;
  virtual void write(state::ExecutionContext& context, const at::Tensor& value) const;

 protected:
  // Throws Error("layer <name>: <what>").
  [[noreturn]] void refuse(const std::string& what) const;

  // For kinds that take one input and no residual: that input.
  const at::Tensor& only_input(std::span<const at::Tensor> inputs, const at::Tensor& residual) const;

 private:
  std::string name_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_LAYER_H
