// What all layers are: a handle to what the host made of a declaration. Copies are the same layer.
#ifndef SSHOST_NN_LAYER_HPP
#define SSHOST_NN_LAYER_HPP

#include <sshost/abi/layers.h>

#include <string_view>
#include <vector>

#include "../builder.hpp"
#include "../context.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

namespace detail {

inline const ss_layers_table& layers_api() { return ss::detail::capability<SS_LAYERS_1, ss_layers_table>(); }

// What came with ss.layers/2. Naming it anywhere in a plugin puts the id into the plugin's descriptor, so that an older
// host refuses the plugin by that name; a plugin that does not use it loads there. A template, so that including a
// header names nothing.
template <ss::detail::Literal id = SS_LAYERS_2>
const ss_layers_2_table& layers_2_api() {
  return ss::detail::capability<id, ss_layers_2_table>();
}

class Layer {
 public:
  ss_layer handle() const { return handle_; }

 protected:
  // `declare` gets where to write the handle and returns the host's status.
  template <class Declare>
  explicit Layer(Declare&& declare) {
    ss::detail::check(declare(&handle_));
  }

  Tensor apply(Context& ctx, const Tensor& input, const Tensor& residual = {}) const {
    const ss_tensor one = input.handle();
    return apply(ctx, &one, 1, residual);
  }
  Tensor apply(Context& ctx, const std::vector<Tensor>& inputs, const Tensor& residual = {}) const {
    std::vector<ss_tensor> handles;
    handles.reserve(inputs.size());
    for (const Tensor& input : inputs) handles.push_back(input.handle());
    return apply(ctx, handles.data(), static_cast<uint32_t>(handles.size()), residual);
  }

 private:
  Tensor apply(Context& ctx, const ss_tensor* inputs, uint32_t count, const Tensor& residual) const {
    ss_tensor result = nullptr;
    ss::detail::check(layers_api().apply(ctx.handle(), handle_, inputs, count, residual.handle(), &result));
    return Tensor::adopt(result);
  }

  ss_layer handle_ = nullptr;
};

}  // namespace detail

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
