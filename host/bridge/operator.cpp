#include "bridge/operator.h"

#include <algorithm>

#include "bridge/boundary.h"
#include "config/nearest.h"

namespace sshost::bridge {
namespace {

using c10::TypeKind;

ArgumentKind list_kind(const c10::Type& element) {
  if (element.kind() == TypeKind::OptionalType) {
    switch (element.castRaw<c10::OptionalType>()->getElementType()->kind()) {
      case TypeKind::TensorType:
        return ArgumentKind::kOptionalTensors;
      case TypeKind::NumberType:
        return ArgumentKind::kOptionalScalars;
      default:
        return ArgumentKind::kOther;
    }
  }
  switch (element.kind()) {
    case TypeKind::TensorType:
      return ArgumentKind::kTensors;
    case TypeKind::IntType:
      return ArgumentKind::kInts;
    case TypeKind::FloatType:
      return ArgumentKind::kDoubles;
    case TypeKind::BoolType:
      return ArgumentKind::kBools;
    case TypeKind::NumberType:
      return ArgumentKind::kScalars;
    default:
      return ArgumentKind::kOther;
  }
}

// Schemas hide a dtype, a layout and a memory format behind "int"; `real` is what the kernel takes.
ArgumentKind int_kind(const c10::Type& real) {
  switch (real.kind()) {
    case TypeKind::ScalarTypeType:
      return ArgumentKind::kDtype;
    case TypeKind::LayoutType:
      return ArgumentKind::kLayout;
    case TypeKind::MemoryFormatType:
      return ArgumentKind::kMemoryFormat;
    default:
      return ArgumentKind::kInt;
  }
}

ArgumentKind kind_of(const c10::Type& type, const c10::Type& real) {
  switch (type.kind()) {
    case TypeKind::TensorType:
      return ArgumentKind::kTensor;
    case TypeKind::IntType:
      return int_kind(real);
    case TypeKind::FloatType:
      return ArgumentKind::kDouble;
    case TypeKind::BoolType:
      return ArgumentKind::kBool;
    case TypeKind::NumberType:
      return ArgumentKind::kScalar;
    case TypeKind::StringType:
      return ArgumentKind::kString;
    case TypeKind::DeviceObjType:
      return ArgumentKind::kDevice;
    case TypeKind::ListType:
      return list_kind(*type.castRaw<c10::ListType>()->getElementType());
    default:
      return ArgumentKind::kOther;
  }
}

const c10::Type& without_optional(const c10::Type& type) {
  const auto* optional = type.castRaw<c10::OptionalType>();
  return optional == nullptr ? type : *optional->getElementType();
}

std::string list_text(const char* element, int32_t length) {
  return std::string(element) + "[" + (length > 0 ? std::to_string(length) : "") + "]";
}

std::string type_text(ArgumentKind kind, int32_t length, const c10::Type& type) {
  switch (kind) {
    case ArgumentKind::kTensor:
      return "Tensor";
    case ArgumentKind::kInt:
      return "int";
    case ArgumentKind::kDtype:
      return "dtype";
    case ArgumentKind::kLayout:
      return "layout";
    case ArgumentKind::kMemoryFormat:
      return "memory format";
    case ArgumentKind::kDouble:
      return "float";
    case ArgumentKind::kBool:
      return "bool";
    case ArgumentKind::kScalar:
      return "Scalar";
    case ArgumentKind::kString:
      return "str";
    case ArgumentKind::kDevice:
      return "Device";
    case ArgumentKind::kInts:
      return list_text("int", length);
    case ArgumentKind::kDoubles:
      return list_text("float", length);
    case ArgumentKind::kBools:
      return list_text("bool", length);
    case ArgumentKind::kScalars:
      return list_text("Scalar", length);
    case ArgumentKind::kOptionalScalars:
      return list_text("Scalar?", length);
    case ArgumentKind::kTensors:
      return list_text("Tensor", length);
    case ArgumentKind::kOptionalTensors:
      return list_text("Tensor?", length);
    case ArgumentKind::kOther:
      break;
  }
  return type.str();
}

Argument describe(const c10::Argument& argument) {
  const c10::Type& type = without_optional(*argument.type());
  const bool optional = argument.type()->kind() == TypeKind::OptionalType;
  const ArgumentKind kind = kind_of(type, without_optional(*argument.real_type()));
  const int32_t length = argument.N().value_or(0);
  return {.name = argument.name(),
          .type = type_text(kind, length, type) + (optional ? "?" : ""),
          .kind = kind,
          .optional = optional,
          .length = length,
          .default_value = argument.default_value()};
}

c10::OperatorName parse_name(std::string_view full_name) {
  const size_t scope = full_name.find("::");
  const size_t dot = full_name.find('.', scope == std::string_view::npos ? 0 : scope);
  if (dot == std::string_view::npos) return {std::string(full_name), ""};
  return {std::string(full_name.substr(0, dot)), std::string(full_name.substr(dot + 1))};
}

// The other overloads of the same operator or, where there is none, the names that are a slip of the fingers away.
std::vector<std::string> nearby_names(const c10::OperatorName& wanted) {
  const int tolerance = wanted.name.size() < 12 ? 1 : 2;
  std::vector<std::string> overloads, similar;
  for (const c10::OperatorName& known : c10::Dispatcher::singleton().getAllOpNames()) {
    const std::string text = known.overload_name.empty() ? known.name : known.name + "." + known.overload_name;
    if (known.name == wanted.name) {
      overloads.push_back(text);
    } else if (config::edit_distance(known.name, wanted.name) <= tolerance) {
      similar.push_back(text);
    }
  }
  std::vector<std::string>& names = overloads.empty() ? similar : overloads;
  std::sort(names.begin(), names.end());
  return std::move(names);
}

[[noreturn]] void refuse_unknown(std::string_view full_name) {
  constexpr size_t kMostNames = 8;
  const std::vector<std::string> names = nearby_names(parse_name(full_name));
  std::string text = "LibTorch has no operator \"" + std::string(full_name) + "\"";
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i) text += (i == 0 ? "; near it: " : ", ") + names[i];
  if (full_name.find("::") == std::string_view::npos) text += "; a name is \"namespace::operator.overload\"";
  throw StatusError(SS_NOT_FOUND, text);
}

}  // namespace

std::optional<c10::OperatorHandle> find_operator(std::string_view full_name) {
  return c10::Dispatcher::singleton().findSchema(parse_name(full_name));
}

std::unique_ptr<const ss_operator_object> make_operator(std::string_view full_name) {
  const std::optional<c10::OperatorHandle> handle = find_operator(full_name);
  if (!handle) refuse_unknown(full_name);
  std::vector<Argument> arguments;
  for (const c10::Argument& argument : handle->schema().arguments()) arguments.push_back(describe(argument));
  return std::unique_ptr<const ss_operator_object>(
      new ss_operator_object{std::string(full_name), *handle, std::move(arguments)});
}

}  // namespace sshost::bridge
