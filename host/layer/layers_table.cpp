#include "layer/layers_table.h"

#include <c10/util/Exception.h>

#include <memory>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/call_count.h"
#include "bridge/handle.h"
#include "bridge/operand.h"
#include "layer/activation.h"
#include "layer/attention.h"
#include "layer/conv.h"
#include "layer/cross_attention.h"
#include "layer/dropout.h"
#include "layer/layer.h"
#include "layer/linear.h"
#include "layer/norm.h"
#include "layer/operators.h"
#include "layer/state.h"

namespace sshost::layer {
namespace {

state::Builder& builder_of(ss_builder builder) {
  if (builder == nullptr) throw Error("the builder is NULL");
  return *static_cast<state::Builder*>(builder);
}

state::ExecutionContext& context_of(ss_context context) {
  if (context == nullptr) throw Error("the context is NULL");
  return *static_cast<state::ExecutionContext*>(context);
}

const Layer& layer_of(ss_layer layer) {
  if (layer == nullptr) throw Error("the layer is NULL");
  return *static_cast<const Layer*>(layer);
}

// The spec as this host knows it. `last` is the last member that version 1 of the contract has.
#define SSHOST_CHECKED(type, spec, last) checked<type>(spec, (spec) != nullptr && SS_HAS(type, spec, last), #type)
template <typename Spec>
const Spec& checked(const Spec* spec, bool complete, const char* type) {
  if (spec == nullptr) throw Error(std::string(type) + " is NULL");
  if (!complete) throw Error(std::string(type) + ": `size` is smaller than the struct; set it to sizeof");
  return *spec;
}

void check_norm(const ss_norm_spec* spec) {
  if (spec != nullptr) SSHOST_CHECKED(ss_norm_spec, spec, momentum);
}
void check_activation(const ss_activation_spec* spec) {
  if (spec != nullptr) SSHOST_CHECKED(ss_activation_spec, spec, slope);
}

ss_status declare_conv(ss_builder builder, const ss_conv_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_conv_spec& conv = SSHOST_CHECKED(ss_conv_spec, spec, activation);
    check_norm(conv.norm);
    check_activation(conv.activation);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<Conv>(target, conv));
  });
}

ss_status declare_norm(ss_builder builder, ss_string name, int64_t channels, const ss_norm_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    SSHOST_CHECKED(ss_norm_spec, spec, momentum);
    state::Builder& target = builder_of(builder);
    auto norm = make_norm(target, std::string(bridge::view(name)), channels, spec);
    if (norm == nullptr) throw Error("norm \"" + std::string(bridge::view(name)) + "\": a norm needs a kind");
    *out = target.keep(std::move(norm));
  });
}

ss_status declare_activation(ss_builder builder, ss_string name, const ss_activation_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_activation_spec& activation = SSHOST_CHECKED(ss_activation_spec, spec, slope);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<Activation>(target, std::string(bridge::view(name)), activation));
  });
}

ss_status declare_linear(ss_builder builder, const ss_linear_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_linear_spec& linear = SSHOST_CHECKED(ss_linear_spec, spec, activation);
    check_activation(linear.activation);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<Linear>(target, linear));
  });
}

ss_status declare_attention(ss_builder builder, const ss_attention_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_attention_spec& attention = SSHOST_CHECKED(ss_attention_spec, spec, heads);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<Attention>(target, attention));
  });
}

ss_status declare_cross_attention(ss_builder builder, const ss_cross_attention_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_cross_attention_spec& attention = SSHOST_CHECKED(ss_cross_attention_spec, spec, heads);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<CrossAttention>(target, attention));
  });
}

ss_status declare_dropout(ss_builder builder, ss_dropout_kind kind, double probability, ss_layer* out) {
  return bridge::guarded([&] { *out = builder_of(builder).keep(std::make_unique<Dropout>(kind, probability)); });
}

ss_status declare_state(ss_builder builder, const ss_state_spec* spec, ss_layer* out) {
  return bridge::guarded([&] {
    const ss_state_spec& state = SSHOST_CHECKED(ss_state_spec, spec, data);
    state::Builder& target = builder_of(builder);
    *out = target.keep(std::make_unique<State>(target, state));
  });
}

// Tells whoever watches the context of a layer's output.
const at::Tensor& watched(const state::ExecutionContext& context, const Layer& layer, const at::Tensor& output) {
  if (context.watch != nullptr) context.watch->on_output("layer \"" + layer.name() + "\"", output);
  return output;
}

// Runs `compute` and keeps its tensor in `out`; what LibTorch throws gets the layer's name.
template <typename Function>
ss_status compute(ss_layer handle, ss_tensor* out, Function&& function) {
  bridge::count_layer_call();
  return bridge::guarded([&] {
    const Layer& layer = layer_of(handle);
    try {
      *out = bridge::to_handle(function(layer));
    } catch (const c10::Error&) {
      const ss_status status = bridge::fail_with_current_exception();
      throw StatusError(status, "layer \"" + layer.name() + "\": " + std::string(bridge::message()));
    }
  });
}

std::vector<at::Tensor> borrow_inputs(const Layer& layer, const ss_tensor* inputs, uint32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (uint32_t index = 0; index < count; ++index) {
    if (inputs[index] == nullptr) {
      throw Error("layer \"" + layer.name() + "\": input " + std::to_string(index) + " is NULL");
    }
    tensors.push_back(layer.takes_codes() ? bridge::borrow(inputs[index]) : bridge::operand(inputs[index]));
  }
  return tensors;
}

ss_status apply(ss_context context, ss_layer handle, const ss_tensor* inputs, uint32_t input_count, ss_tensor residual,
                ss_tensor* out) {
  return compute(handle, out, [&](const Layer& layer) {
    state::ExecutionContext& known = context_of(context);
    return watched(known, layer,
                   layer.apply(known, borrow_inputs(layer, inputs, input_count), bridge::borrow(residual)));
  });
}

ss_status attend(ss_context context, ss_layer handle, ss_tensor tokens, ss_tensor bias, ss_tensor mask,
                 ss_tensor* out) {
  return compute(handle, out, [&](const Layer& layer) {
    const std::vector<at::Tensor> input = borrow_inputs(layer, &tokens, 1);
    state::ExecutionContext& known = context_of(context);
    return watched(known, layer, layer.attend(known, input.front(), bridge::operand(bias), bridge::operand(mask)));
  });
}

ss_status attend_to(ss_context context, ss_layer handle, ss_tensor tokens, ss_tensor source, ss_tensor bias,
                    ss_tensor mask, ss_tensor* out) {
  return compute(handle, out, [&](const Layer& layer) {
    const ss_tensor both[] = {tokens, source};
    const std::vector<at::Tensor> inputs = borrow_inputs(layer, both, 2);
    state::ExecutionContext& known = context_of(context);
    return watched(known, layer,
                   layer.attend_to(known, inputs[0], inputs[1], bridge::borrow(bias), bridge::borrow(mask)));
  });
}

ss_status read(ss_context context, ss_layer state, ss_tensor* out) {
  return compute(state, out, [&](const Layer& layer) { return layer.read(context_of(context)); });
}

ss_status write(ss_context context, ss_layer buffer, ss_tensor value) {
  bridge::count_layer_call();
  return bridge::guarded([&] {
    const Layer& layer = layer_of(buffer);
    layer.write(context_of(context), borrow_inputs(layer, &value, 1).front());
  });
}

}  // namespace

const ss_layers_table* layers_table() {
  register_operators();
  static const ss_layers_table table = {declare_conv,
                                        declare_norm,
                                        declare_activation,
                                        declare_linear,
                                        declare_attention,
                                        declare_dropout,
                                        declare_state,
                                        apply,
                                        attend,
                                        read,
                                        write};
  return &table;
}

const ss_layers_2_table* layers_2_table() {
  static const ss_layers_2_table table = {declare_cross_attention, attend_to};
  return &table;
}

}  // namespace sshost::layer
