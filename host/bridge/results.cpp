#include "bridge/results.h"

#include "bridge/boundary.h"
#include "bridge/handle.h"

namespace sshost::bridge {
namespace {

using c10::IValue;

bool is_plain(const IValue& value) { return value.isInt() || value.isDouble() || value.isBool(); }

ss_value plain_value(const IValue& value) {
  ss_value out{.tag = SS_VALUE_NONE, .count = 0, .as = {.integer = 0}};
  if (value.isInt()) {
    out.tag = SS_VALUE_INT;
    out.as.integer = value.toInt();
  } else if (value.isDouble()) {
    out.tag = SS_VALUE_DOUBLE;
    out.as.real = value.toDouble();
  } else if (value.isBool()) {
    out.tag = SS_VALUE_BOOL;
    out.as.integer = value.toBool() ? 1 : 0;
  }
  return out;
}

uint32_t result_count(const ss_operator_object& op, const IValue& value) {
  if (value.isTensor() || is_plain(value) || value.isNone()) return 1;
  if (!value.isList()) {
    throw StatusError(SS_UNSUPPORTED, op.name + ": a result of type " + value.tagKind() + " cannot be handed over");
  }
  uint32_t count = 0;
  for (const IValue& element : value.toListRef()) count += result_count(op, element);
  return count;
}

ss_value* store(IValue value, ss_value* out) {
  if (value.isTensor()) {
    *out = {.tag = SS_VALUE_TENSOR, .count = 0, .as = {.tensor = to_handle(std::move(value).toTensor())}};
    return out + 1;
  }
  if (value.isList()) {
    for (const IValue& element : value.toListRef()) out = store(element, out);
    return out;
  }
  *out = plain_value(value);
  return out + 1;
}

}  // namespace

uint32_t store_results(const ss_operator_object& op, torch::jit::Stack& stack, std::span<ss_value> out) {
  uint32_t count = 0;
  for (const IValue& value : stack) count += result_count(op, value);
  if (count > out.size()) return count;
  ss_value* next = out.data();
  for (IValue& value : stack) next = store(std::move(value), next);
  return count;
}

}  // namespace sshost::bridge
