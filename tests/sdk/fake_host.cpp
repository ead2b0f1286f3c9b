#include "sdk/fake_host.h"

#include <sshost/abi/layers.h>
#include <sshost/abi/ops.h>

#include <algorithm>
#include <cstring>

namespace sshost::test {
namespace {

FakeHost* current = nullptr;  // the ABI's tables have no `self`

ss_status fail(std::string message, ss_status status = SS_INVALID_ARGUMENT) {
  current->last_message = std::move(message);
  return status;
}

// ss.tensor/1

void retain(ss_tensor tensor) {
  if (tensor) ++tensor->count;
}
void release(ss_tensor tensor) {
  if (!tensor || --tensor->count > 0) return;
  --current->live_tensors;
  delete tensor;
}
int64_t elements(const std::vector<int64_t>& sizes) {
  int64_t product = 1;
  for (const int64_t size : sizes) product *= size;
  return product;
}
int32_t dim(ss_tensor tensor) { return static_cast<int32_t>(tensor->sizes.size()); }
int64_t numel(ss_tensor tensor) { return elements(tensor->sizes); }
ss_dtype dtype(ss_tensor tensor) { return tensor->dtype; }
ss_status size(ss_tensor tensor, int32_t axis, int64_t* out) {
  const int32_t index = axis < 0 ? axis + dim(tensor) : axis;
  if (index < 0 || index >= dim(tensor)) return fail("no axis " + std::to_string(axis));
  *out = tensor->sizes[static_cast<std::size_t>(index)];
  return SS_OK;
}
ss_status from_data(const void* data, uint64_t bytes, const int64_t* sizes, int32_t count, ss_dtype type,
                    ss_tensor* out) {
  *out = current->tensor({sizes, sizes + count}, type);
  const auto* from = static_cast<const unsigned char*>(data);
  (*out)->bytes.assign(from, from + bytes);
  return SS_OK;
}
ss_status to_data(ss_tensor tensor, void* data, uint64_t bytes) {
  if (tensor->bytes.size() != bytes) return fail("the size differs");
  std::memcpy(data, tensor->bytes.data(), bytes);
  return SS_OK;
}
constexpr ss_tensor_table kTensors{retain, release, dim, numel, dtype, size, from_data, to_data};

// ss.ops/1

std::string show(const ss_value& value) {
  const auto many = [&](auto items) {
    std::string result;
    for (uint32_t i = 0; i < value.count; ++i) result += (i > 0 ? " " : "") + std::to_string(items[i]);
    return "[" + result + "]";
  };
  switch (value.tag) {
    case SS_VALUE_NONE:
      return "none";
    case SS_VALUE_TENSOR:
      return value.as.tensor ? "tensor" : "absent";
    case SS_VALUE_INT:
      return std::to_string(value.as.integer);
    case SS_VALUE_DOUBLE:
      return std::to_string(value.as.real);
    case SS_VALUE_BOOL:
      return value.as.integer ? "true" : "false";
    case SS_VALUE_STRING:
      return "\"" + std::string(value.as.text, value.count) + "\"";
    case SS_VALUE_INTS:
      return many(value.as.integers);
    case SS_VALUE_DOUBLES:
      return many(value.as.reals);
    case SS_VALUE_TENSORS:
      return std::to_string(value.count) + " tensors";
    case SS_VALUE_DEVICE_OF:
      return "device";
    default:
      return "?";
  }
}
ss_status resolve(ss_string name, ss_operator* out) {
  const std::string wanted = text(name);
  if (!wanted.starts_with("aten::")) return fail("no operator " + wanted, SS_NOT_FOUND);
  auto& entry = current->operators[wanted];
  if (!entry) entry = std::make_unique<ss_operator_object>(wanted);
  *out = entry.get();
  return SS_OK;
}
ss_status call(ss_operator op, const ss_value* arguments, uint32_t argument_count, ss_value* results,
               uint32_t* result_count) {
  const uint32_t room = *result_count;
  *result_count = current->results;
  if (room < current->results) return fail("too small", SS_TOO_SMALL);
  std::string line = op->name + "(";
  for (uint32_t i = 0; i < argument_count; ++i) line += (i > 0 ? ", " : "") + show(arguments[i]);
  current->calls.push_back(line + ")");
  for (uint32_t i = 0; i < current->results; ++i) {
    results[i].tag = SS_VALUE_TENSOR;
    results[i].as.tensor = current->tensor({1});
  }
  return SS_OK;
}
constexpr ss_ops_table kOps{resolve, call};

// ss.layers/1: what matters is which states are declared, under which names.

ss_layer some_layer() { return reinterpret_cast<ss_layer>(current); }

ss_status declare(std::string name, std::vector<int64_t> sizes) {
  for (const DeclaredState& state : current->states) {
    if (state.name == name) return fail(name + " is declared twice");
  }
  current->states.push_back({std::move(name), std::move(sizes)});
  return SS_OK;
}
std::string join(const std::string& a, const std::string& b) { return a.empty() || b.empty() ? a + b : a + "." + b; }

ss_status declare_norm(const std::string& name, int64_t channels, const ss_norm_spec& spec) {
  std::vector<std::string> parts = {"weight", "bias"};
  if (spec.kind == SS_NORM_BATCH) parts.insert(parts.end(), {"running_mean", "running_var"});
  for (const std::string& part : parts) {
    if (const ss_status status = declare(join(name, part), {channels})) return status;
  }
  return spec.kind == SS_NORM_BATCH ? declare(join(name, "num_batches_tracked"), {}) : SS_OK;
}
ss_status conv(ss_builder, const ss_conv_spec* spec, ss_layer* out) {
  current->convs.push_back(*spec);
  const std::string name = text(spec->name);
  const std::string conv_name = join(name, text(spec->conv_part));
  ss_status status = declare(join(conv_name, "weight"),
                             {spec->out_channels, spec->in_channels / spec->groups, spec->kernel[0], spec->kernel[1]});
  if (!status && spec->bias) status = declare(join(conv_name, "bias"), {spec->out_channels});
  if (!status && spec->norm) status = declare_norm(join(name, text(spec->norm_part)), spec->out_channels, *spec->norm);
  *out = some_layer();
  return status;
}
ss_status norm(ss_builder, ss_string name, int64_t channels, const ss_norm_spec* spec, ss_layer* out) {
  *out = some_layer();
  return declare_norm(text(name), channels, *spec);
}
ss_status dropout(ss_builder, ss_dropout_kind, double, ss_layer* out) {
  *out = some_layer();
  return SS_OK;
}
ss_status state(ss_builder, const ss_state_spec* spec, ss_layer* out) {
  *out = some_layer();
  return declare(text(spec->name), {spec->sizes, spec->sizes + spec->dim});
}
ss_status apply(ss_context, ss_layer, const ss_tensor*, uint32_t input_count, ss_tensor residual, ss_tensor* out) {
  current->calls.push_back("layer(" + std::to_string(input_count) + (residual ? ", residual)" : ")"));
  *out = current->tensor({1});
  return SS_OK;
}
constexpr ss_layers_table kLayers{conv,  norm,  nullptr, nullptr, nullptr, dropout,
                                  state, apply, nullptr, nullptr, nullptr};

// ss.context/1

ss_status info(ss_context, ss_context_info* out) {
  *out = current->context;
  return SS_OK;
}
constexpr ss_context_table kContext{info, nullptr, nullptr, nullptr, nullptr};

// ss.options/1

ss_options present(const Options& node) { return node.is_null ? nullptr : &node; }
ss_options field(ss_options map, ss_string name) {
  for (const auto& [key, child] : map->children) {
    if (key == text(name)) return present(child);
  }
  return nullptr;
}
uint32_t length(ss_options node) { return static_cast<uint32_t>(node->children.size()); }
ss_options item(ss_options node, uint32_t index) { return present(node->children[index].second); }
ss_string key(ss_options map, uint32_t index) { return to_abi(map->children[index].first); }

template <class T>
const T* held(ss_options node) {
  return node ? std::get_if<T>(&node->value) : nullptr;
}
ss_status as_bool(ss_options node, int32_t* out) {
  const bool* value = held<bool>(node);
  if (!value) return fail("expected a boolean");
  *out = *value ? 1 : 0;
  return SS_OK;
}
ss_status as_int(ss_options node, int64_t* out) {
  const int64_t* value = held<int64_t>(node);
  if (!value) return fail("expected an integer");
  *out = *value;
  return SS_OK;
}
ss_status as_double(ss_options node, double* out) {
  const double* value = held<double>(node);
  if (!value) return fail("expected a number");
  *out = *value;
  return SS_OK;
}
ss_status as_string(ss_options node, ss_string* out) {
  const std::string* value = held<std::string>(node);
  if (!value) return fail("expected a string");
  *out = to_abi(*value);
  return SS_OK;
}
constexpr ss_options_table kOptions{field, length, item, key, as_bool, as_int, as_double, as_string};

const void* get(const ss_host*, ss_string id) {
  const std::string wanted = text(id);
  if (wanted == SS_TENSOR_1) return &kTensors;
  if (wanted == SS_OPS_1) return &kOps;
  if (wanted == SS_LAYERS_1) return &kLayers;
  if (wanted == SS_CONTEXT_1) return &kContext;
  if (wanted == SS_OPTIONS_1) return &kOptions;
  return nullptr;
}
ss_status keep_message(const ss_host*, ss_status status, ss_string message) { return fail(text(message), status); }
ss_string message(const ss_host*) { return to_abi(current->last_message); }
void log(const ss_host*, ss_log_level, ss_string) {}

}  // namespace

FakeHost::FakeHost()
    : abi_{sizeof(ss_host), SS_ABI_MAJOR, SS_ABI_MINOR, 0, to_abi("0"), get, keep_message, message, log} {
  current = this;
}

FakeHost::~FakeHost() { current = nullptr; }

ss_tensor FakeHost::tensor(std::vector<int64_t> sizes, ss_dtype type) {
  ++live_tensors;
  return new ss_tensor_object{1, std::move(sizes), type, {}};
}

}  // namespace sshost::test
