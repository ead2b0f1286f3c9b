// What the tests of layers share: a store, a builder and a context, and ss.layers/1 as a plugin calls it.
#ifndef SSHOST_TESTS_LAYER_BENCH_H
#define SSHOST_TESTS_LAYER_BENCH_H

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "layer/layers_table.h"
#include "state/builder.h"
#include "state/execution_context.h"
#include "state/handles.h"
#include "state/state_store.h"

namespace sshost::test {

inline ss_string text(std::string_view value) { return bridge::to_ss_string(value); }

// A 3x3 convolution with padding 1, norm part "norm", convolution part "conv".
inline ss_conv_spec conv_spec(std::string_view name, int64_t in, int64_t out) {
  ss_conv_spec spec = {};
  spec.size = sizeof spec;
  spec.name = text(name);
  spec.conv_part = text("conv");
  spec.norm_part = text("norm");
  spec.activation_part = text("activation");
  spec.in_channels = in;
  spec.out_channels = out;
  spec.groups = 1;
  for (int axis = 0; axis < 2; ++axis) {
    spec.kernel[axis] = 3;
    spec.stride[axis] = spec.padding[axis] = spec.dilation[axis] = 1;
  }
  return spec;
}

inline ss_norm_spec norm_spec(ss_norm_kind kind) {
  return {.size = sizeof(ss_norm_spec), .kind = kind, .groups = 2, .epsilon = 0, .momentum = 0};
}

inline ss_activation_spec activation_spec(ss_activation_kind kind, double slope = 0) {
  return {.size = sizeof(ss_activation_spec), .kind = kind, .slope = slope};
}

inline ss_state_spec state_spec(std::string_view name, const std::vector<int64_t>& sizes) {
  ss_state_spec spec = {};
  spec.size = sizeof spec;
  spec.name = text(name);
  spec.sizes = sizes.data();
  spec.dim = static_cast<int32_t>(sizes.size());
  spec.dtype = SS_FLOAT32;
  spec.persistent = 1;
  return spec;
}

class Bench {
 public:
  explicit Bench(at::ScalarType dtype = at::kFloat, uint64_t seed = 1)
      : store(dtype),
        generator(at::detail::createCPUGenerator(seed)),
        builder(store, "part", generator),
        context(store, at::detail::createCPUGenerator(seed + 1)) {}

  at::Tensor normal(at::IntArrayRef sizes) { return at::randn(sizes, generator, at::kFloat).to(store.dtype()); }
  const at::Tensor& value(std::string_view name) const {
    const state::StateEntry* entry = store.find(name);
    if (entry == nullptr) throw Error("no state " + std::string(name));
    return entry->value;
  }

  // Throws with the message of the table's function where it fails.
  static void check(ss_status status) { bridge::check(status, "layers"); }

  ss_layer conv(const ss_conv_spec& spec) { return declared(table->conv, spec); }
  ss_layer linear(const ss_linear_spec& spec) { return declared(table->linear, spec); }
  ss_layer attention(const ss_attention_spec& spec) { return declared(table->attention, spec); }
  ss_layer state(const ss_state_spec& spec) { return declared(table->state, spec); }
  ss_layer norm(std::string_view name, int64_t channels, const ss_norm_spec& spec) {
    ss_layer layer = nullptr;
    check(table->norm(&builder, text(name), channels, &spec, &layer));
    return layer;
  }
  ss_layer activation(std::string_view name, const ss_activation_spec& spec) {
    ss_layer layer = nullptr;
    check(table->activation(&builder, text(name), &spec, &layer));
    return layer;
  }
  ss_layer dropout(ss_dropout_kind kind, double probability) {
    ss_layer layer = nullptr;
    check(table->dropout(&builder, kind, probability, &layer));
    return layer;
  }

  at::Tensor apply(ss_layer layer, const std::vector<at::Tensor>& inputs, const at::Tensor& residual = {}) {
    const state::LentHandles lent(inputs);
    const state::LentHandles lent_residual({residual});
    ss_tensor out = nullptr;
    check(table->apply(&context, layer, lent.data(), lent.size(), lent_residual[0], &out));
    return bridge::take(out);
  }
  at::Tensor attend(ss_layer layer, const at::Tensor& tokens, const at::Tensor& bias, const at::Tensor& mask) {
    const state::LentHandles lent({tokens, bias, mask});
    ss_tensor out = nullptr;
    check(table->attend(&context, layer, lent[0], lent[1], lent[2], &out));
    return bridge::take(out);
  }
  ss_layer cross_attention(const ss_cross_attention_spec& spec) { return declared(later->cross_attention, spec); }
  at::Tensor attend_to(ss_layer layer, const at::Tensor& tokens, const at::Tensor& source, const at::Tensor& bias = {},
                       const at::Tensor& mask = {}) {
    const state::LentHandles lent({tokens, source, bias, mask});
    ss_tensor out = nullptr;
    check(later->attend_to(&context, layer, lent[0], lent[1], lent[2], lent[3], &out));
    return bridge::take(out);
  }
  at::Tensor read(ss_layer state) {
    ss_tensor out = nullptr;
    check(table->read(&context, state, &out));
    return bridge::take(out);
  }
  void write(ss_layer buffer, const at::Tensor& value) {
    const state::LentHandles lent({value});
    check(table->write(&context, buffer, lent[0]));
  }

  state::StateStore store;
  at::Generator generator;
  state::Builder builder;
  state::ExecutionContext context;
  const ss_layers_table* table = layer::layers_table();
  const ss_layers_2_table* later = layer::layers_2_table();

 private:
  template <typename Spec>
  ss_layer declared(ss_status (*declare)(ss_builder, const Spec*, ss_layer*), const Spec& spec) {
    ss_layer layer = nullptr;
    check(declare(&builder, &spec, &layer));
    return layer;
  }
};

// The message of the Error that `function` throws; fails where it throws none.
template <typename Function>
std::string message_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

inline testing::AssertionResult same(const at::Tensor& left, const at::Tensor& right) {
  if (left.defined() && right.defined() && left.scalar_type() == right.scalar_type() && at::equal(left, right)) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << left << "\n differs from\n" << right;
}

inline testing::AssertionResult close(const at::Tensor& left, const at::Tensor& right, double tolerance) {
  if (left.sizes() == right.sizes() && at::allclose(left, right, tolerance, tolerance)) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << left << "\n differs from\n" << right;
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_LAYER_BENCH_H
