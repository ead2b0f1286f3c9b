#include "bridge/arguments.h"

#include <ATen/core/List.h>

#include <iterator>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "bridge/operand.h"

namespace sshost::bridge {
namespace {

using c10::IValue;

std::string_view tag_text(ss_value_tag tag) {
  constexpr std::string_view kNames[] = {"none",
                                         "a tensor",
                                         "an integer",
                                         "a double",
                                         "a bool",
                                         "a string",
                                         "a list of integers",
                                         "a list of doubles",
                                         "a list of bools",
                                         "a list of tensors",
                                         "the device of a tensor"};
  return tag < std::size(kNames) ? kNames[tag] : "an unknown tag";
}

// One argument being converted: what the messages need, beside the value.
struct Slot {
  const ss_operator_object& op;
  const Argument& argument;
  const ss_value& value;

  [[noreturn, gnu::cold, gnu::noinline]] void refuse(std::string_view found) const {
    std::string text = op.name + ": argument \"" + argument.name + "\": " + argument.type + " expected, ";
    throw StatusError(SS_INVALID_ARGUMENT, text.append(found).append(" found"));
  }
  [[noreturn, gnu::cold, gnu::noinline]] void refuse() const { refuse(tag_text(value.tag)); }
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_number() const { refuse(std::to_string(value.as.integer)); }

  template <typename Element>
  std::span<const Element> elements(const Element* data) const {
    if (data == nullptr && value.count != 0) refuse("a list that is NULL");
    return {data, value.count};
  }
};

IValue to_tensor(const Slot& slot) {
  const ss_value& value = slot.value;
  if (value.tag != SS_VALUE_TENSOR) slot.refuse();
  if (value.as.tensor != nullptr) return operand(value.as.tensor);
  if (!slot.argument.optional) slot.refuse("a tensor that is NULL");
  return {};
}

IValue to_int(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_INT) slot.refuse();
  return slot.value.as.integer;
}

// A number that stands for one of `count` named ones.
IValue to_choice(const Slot& slot, int64_t count) {
  if (slot.value.tag != SS_VALUE_INT) slot.refuse();
  if (slot.value.as.integer < 0 || slot.value.as.integer >= count) slot.refuse_number();
  return slot.value.as.integer;
}

IValue to_double(const Slot& slot) {
  if (slot.value.tag == SS_VALUE_DOUBLE) return slot.value.as.real;
  if (slot.value.tag == SS_VALUE_INT) return static_cast<double>(slot.value.as.integer);
  slot.refuse();
}

IValue to_bool(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_BOOL) slot.refuse();
  return slot.value.as.integer != 0;
}

IValue to_scalar(const Slot& slot) {
  switch (slot.value.tag) {
    case SS_VALUE_INT:
      return slot.value.as.integer;
    case SS_VALUE_DOUBLE:
      return slot.value.as.real;
    case SS_VALUE_BOOL:
      return slot.value.as.integer != 0;
    default:
      slot.refuse();
  }
}

IValue to_string(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_STRING) slot.refuse();
  const std::span<const char> text = slot.elements(slot.value.as.text);
  return std::string(text.begin(), text.end());
}

IValue to_device(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_DEVICE_OF) slot.refuse();
  if (slot.value.as.tensor == nullptr) slot.refuse("the device of a tensor that is NULL");
  return borrow(slot.value.as.tensor).device();
}

IValue to_ints(const Slot& slot) {
  c10::List<int64_t> list;
  if (slot.value.tag == SS_VALUE_INT && slot.argument.length > 0) {
    list.resize(slot.argument.length, slot.value.as.integer);
  } else if (slot.value.tag == SS_VALUE_INTS) {
    const std::span<const int64_t> integers = slot.elements(slot.value.as.integers);
    list.reserve(integers.size());
    for (int64_t integer : integers) list.push_back(integer);
  } else {
    slot.refuse();
  }
  return list;
}

IValue to_doubles(const Slot& slot) {
  c10::List<double> list;
  list.reserve(slot.value.count);
  if (slot.value.tag == SS_VALUE_DOUBLES) {
    for (double real : slot.elements(slot.value.as.reals)) list.push_back(real);
  } else if (slot.value.tag == SS_VALUE_INTS) {
    for (int64_t integer : slot.elements(slot.value.as.integers)) list.push_back(static_cast<double>(integer));
  } else {
    slot.refuse();
  }
  return list;
}

IValue to_bools(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_BOOLS) slot.refuse();
  if (slot.argument.length > 0 && slot.value.count != static_cast<uint32_t>(slot.argument.length)) {
    slot.refuse("a list of " + std::to_string(slot.value.count));
  }
  c10::List<bool> list;
  list.reserve(slot.value.count);
  for (uint8_t element : slot.elements(slot.value.as.bools)) list.push_back(element != 0);
  return list;
}

IValue to_scalars(const Slot& slot, const c10::TypePtr& element_type) {
  c10::impl::GenericList list(element_type);
  if (slot.value.tag == SS_VALUE_DOUBLES) {
    for (double real : slot.elements(slot.value.as.reals)) list.push_back(real);
  } else if (slot.value.tag == SS_VALUE_INTS) {
    for (int64_t integer : slot.elements(slot.value.as.integers)) list.push_back(integer);
  } else {
    slot.refuse();
  }
  return list;
}

IValue to_tensors(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_TENSORS) slot.refuse();
  c10::List<at::Tensor> list;
  list.reserve(slot.value.count);
  for (ss_tensor tensor : slot.elements(slot.value.as.tensors)) {
    if (tensor == nullptr) slot.refuse("NULL at index " + std::to_string(list.size()));
    list.push_back(operand(tensor));
  }
  return list;
}

IValue to_optional_tensors(const Slot& slot) {
  if (slot.value.tag != SS_VALUE_TENSORS) slot.refuse();
  c10::List<std::optional<at::Tensor>> list;
  list.reserve(slot.value.count);
  for (ss_tensor tensor : slot.elements(slot.value.as.tensors)) {
    list.push_back(tensor == nullptr ? std::nullopt : std::optional(operand(tensor)));
  }
  return list;
}

IValue convert(const Slot& slot) {
  if (slot.value.tag == SS_VALUE_NONE) {
    if (!slot.argument.optional) slot.refuse();
    return {};
  }
  switch (slot.argument.kind) {
    case ArgumentKind::kTensor:
      return to_tensor(slot);
    case ArgumentKind::kInt:
      return to_int(slot);
    case ArgumentKind::kDtype:
      return to_choice(slot, static_cast<int64_t>(c10::ScalarType::NumOptions));
    case ArgumentKind::kLayout:
      return to_choice(slot, static_cast<int64_t>(c10::Layout::NumOptions));
    case ArgumentKind::kMemoryFormat:
      return to_choice(slot, static_cast<int64_t>(c10::MemoryFormat::NumOptions));
    case ArgumentKind::kDouble:
      return to_double(slot);
    case ArgumentKind::kBool:
      return to_bool(slot);
    case ArgumentKind::kScalar:
      return to_scalar(slot);
    case ArgumentKind::kString:
      return to_string(slot);
    case ArgumentKind::kDevice:
      return to_device(slot);
    case ArgumentKind::kInts:
      return to_ints(slot);
    case ArgumentKind::kDoubles:
      return to_doubles(slot);
    case ArgumentKind::kBools:
      return to_bools(slot);
    case ArgumentKind::kScalars:
      return to_scalars(slot, c10::NumberType::get());
    case ArgumentKind::kOptionalScalars:
      return to_scalars(slot, c10::OptionalType::create(c10::NumberType::get()));
    case ArgumentKind::kTensors:
      return to_tensors(slot);
    case ArgumentKind::kOptionalTensors:
      return to_optional_tensors(slot);
    case ArgumentKind::kOther:
      break;
  }
  slot.refuse();
}

[[noreturn, gnu::cold, gnu::noinline]] void refuse_count(const ss_operator_object& op, size_t given) {
  throw StatusError(SS_INVALID_ARGUMENT, op.name + ": at most " + std::to_string(op.arguments.size()) +
                                             " arguments expected, " + std::to_string(given) + " given");
}

[[noreturn, gnu::cold, gnu::noinline]] void refuse_missing(const ss_operator_object& op, const Argument& argument,
                                                           size_t given) {
  throw StatusError(SS_INVALID_ARGUMENT, op.name + ": argument \"" + argument.name + "\" (" + argument.type +
                                             ") has no default and is missing; " + std::to_string(given) + " of " +
                                             std::to_string(op.arguments.size()) + " arguments were given");
}

}  // namespace

void push_arguments(const ss_operator_object& op, std::span<const ss_value> given, torch::jit::Stack& stack) {
  const std::vector<Argument>& arguments = op.arguments;
  if (given.size() > arguments.size()) refuse_count(op, given.size());
  stack.reserve(arguments.size());
  for (size_t i = 0; i < given.size(); ++i) stack.push_back(convert({op, arguments[i], given[i]}));
  for (size_t i = given.size(); i < arguments.size(); ++i) {
    if (!arguments[i].default_value) refuse_missing(op, arguments[i], given.size());
    stack.push_back(*arguments[i].default_value);
  }
}

}  // namespace sshost::bridge
