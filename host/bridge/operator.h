// A resolved operator: LibTorch's handle with what a call needs of its schema, worked out once.
#ifndef SSHOST_BRIDGE_OPERATOR_H
#define SSHOST_BRIDGE_OPERATOR_H

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <sshost/abi/ops.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::bridge {

enum class ArgumentKind : uint8_t {
  kTensor,
  kInt,
  kDtype,
  kLayout,
  kMemoryFormat,
  kDouble,
  kBool,
  kScalar,
  kString,
  kDevice,
  kInts,
  kDoubles,
  kBools,
  kScalars,
  kOptionalScalars,
  kTensors,
  kOptionalTensors,
  kOther  // a type without a tag, such as Generator: it can be absent or stay at its default, no more
};

struct Argument {
  std::string name;
  std::string type;  // as the schema writes it: "int[2]", "Tensor?"
  ArgumentKind kind = ArgumentKind::kOther;
  bool optional = false;
  int32_t length = 0;  // of a list with a fixed length, such as int[2]; else 0
  std::optional<c10::IValue> default_value;
};

// Splits "aten::softmax.int" into the name and the overload, and finds it. Nothing is created where it is unknown.
std::optional<c10::OperatorHandle> find_operator(std::string_view full_name);

// Throws StatusError(SS_NOT_FOUND), with the names that are near, where LibTorch has no such operator.
std::unique_ptr<const ss_operator_object> make_operator(std::string_view full_name);

}  // namespace sshost::bridge

// What an ss_operator points to. Immutable; lives as long as the process.
struct ss_operator_object {
  std::string name;
  c10::OperatorHandle handle;
  std::vector<sshost::bridge::Argument> arguments;
};

#endif  // SSHOST_BRIDGE_OPERATOR_H
