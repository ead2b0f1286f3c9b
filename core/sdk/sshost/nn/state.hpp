// Tensors of the component's own, kept by the host: a Parameter is trained, a Buffer is not.
//
//   ss::nn::Buffer memory(build, "memory", {classes, 1, channels});
//   Tensor m = memory(ctx);      the value in this context
//   memory.write(ctx, updated);  in place, without a gradient
#ifndef SSHOST_NN_STATE_HPP
#define SSHOST_NN_STATE_HPP

#include <string>
#include <string_view>

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

// How a state begins.
struct Initial {
  ss_initial_kind kind = SS_INITIAL_CONSTANT;
  double a = 0;
  double b = 0;
  Tensor data{};
};

inline Initial constant(double value) { return {.a = value}; }
inline Initial normal(double mean, double deviation) { return {.kind = SS_INITIAL_NORMAL, .a = mean, .b = deviation}; }
inline Initial uniform(double low, double high) { return {.kind = SS_INITIAL_UNIFORM, .a = low, .b = high}; }
inline Initial truncated_normal(double mean, double deviation) {  // cut at two deviations
  return {.kind = SS_INITIAL_TRUNCATED_NORMAL, .a = mean, .b = deviation};
}
inline Initial values_of(const Tensor& data) { return {.kind = SS_INITIAL_DATA, .data = data}; }

struct StateSpec {
  Initial initial{};
  Dtype dtype = Dtype::float32;
  bool persistent = true;  // saved in checkpoints
};

class State : public detail::Layer {
 public:
  Tensor operator()(Context& ctx) const {
    ss_tensor result = nullptr;
    ss::detail::check(detail::layers_api().read(ctx.handle(), handle(), &result));
    return Tensor::adopt(result);
  }

 protected:
  State(const Builder& build, std::string_view name, Ints sizes, const StateSpec& spec, bool trainable)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          ss_state_spec abi{};
          abi.size = sizeof(abi);
          abi.trainable = trainable ? 1 : 0;
          abi.name = ss::detail::to_abi(path);
          abi.sizes = sizes.data();
          abi.dim = static_cast<int32_t>(sizes.size());
          abi.dtype = static_cast<ss_dtype>(spec.dtype);
          abi.initial = spec.initial.kind;
          abi.persistent = spec.persistent ? 1 : 0;
          abi.a = spec.initial.a;
          abi.b = spec.initial.b;
          abi.data = spec.initial.data.handle();
          return detail::layers_api().state(build.handle(), &abi, out);
        }) {}
};

class Parameter : public State {
 public:
  Parameter(const Builder& build, std::string_view name, Ints sizes, const StateSpec& spec = {})
      : State(build, name, sizes, spec, true) {}
};

class Buffer : public State {
 public:
  Buffer(const Builder& build, std::string_view name, Ints sizes, const StateSpec& spec = {})
      : State(build, name, sizes, spec, false) {}

  // Overwrites the buffer in place; does nothing while a forward is recomputed. Tensors that were read before see the
  // new value, as does a backward that saved them.
  void write(Context& ctx, const Tensor& value) const {
    ss::detail::check(detail::layers_api().write(ctx.handle(), handle(), value.handle()));
  }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
