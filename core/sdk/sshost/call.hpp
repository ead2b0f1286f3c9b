// Any ATen operator, by name.
//
//   ss::call<"aten::grid_sampler">({x, grid, 0, 0, false})     the plugin's descriptor lists the operator as needed
//   ss::call("aten::grid_sampler", {x, grid, 0, 0, false})     the name is looked up at the call
//
// Arguments are in the order of the operator's schema; what is left out at the end takes the schema's default; ss::none
// stands for an absent one, {1, 1} for a list of integers. An overload is part of the name: "aten::softmax.int".
// `call` is for operators that give one tensor; `call_list` for those that give several, or a list of them.
#ifndef SSHOST_CALL_HPP
#define SSHOST_CALL_HPP

#include <sshost/abi/ops.h>

#include <concepts>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "detail/operator.hpp"
#include "tensor.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// An absent optional argument.
struct None {};
inline constexpr None none;

// The device of a tensor, for operators that create one.
struct DeviceOf {
  explicit DeviceOf(const Tensor& of) : handle(of.handle()) {}
  ss_tensor handle;
};

// A number where an operator takes a Scalar.
template <class T>
concept Number = std::integral<T> || std::floating_point<T>;

// One argument. It borrows what it is made from, for the length of the call.
class Value {
 public:
  Value(None) { abi_.tag = SS_VALUE_NONE; }
  Value(const Tensor& tensor) {
    abi_.tag = SS_VALUE_TENSOR;
    abi_.as.tensor = tensor.handle();
  }
  template <Number T>
  Value(T number) {
    if constexpr (std::floating_point<T>) {
      abi_.tag = SS_VALUE_DOUBLE;
      abi_.as.real = static_cast<double>(number);
    } else {
      abi_.tag = std::same_as<T, bool> ? SS_VALUE_BOOL : SS_VALUE_INT;
      abi_.as.integer = static_cast<int64_t>(number);
    }
  }
  Value(Dtype dtype) : Value(static_cast<int64_t>(dtype)) {}
  template <Number T>
  Value(const std::optional<T>& value) : Value(none) {
    if (value) abi_ = Value(*value).abi_;
  }
  Value(std::string_view text) {
    abi_ = {SS_VALUE_STRING, static_cast<uint32_t>(text.size()), {}};
    abi_.as.text = text.data();
  }
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(Ints values) {
    abi_ = {SS_VALUE_INTS, static_cast<uint32_t>(values.size()), {}};
    abi_.as.integers = values.data();
  }
  Value(std::initializer_list<int64_t> values) : Value(Ints(values)) {}
  Value(const std::vector<int64_t>& values) : Value(Ints(values)) {}
  Value(std::span<const double> values) {
    abi_ = {SS_VALUE_DOUBLES, static_cast<uint32_t>(values.size()), {}};
    abi_.as.reals = values.data();
  }
  Value(std::span<const Tensor> tensors) {
    handles_.reserve(tensors.size());
    for (const Tensor& tensor : tensors) handles_.push_back(tensor.handle());
    abi_ = {SS_VALUE_TENSORS, static_cast<uint32_t>(handles_.size()), {}};
    abi_.as.tensors = handles_.data();
  }
  Value(const std::vector<Tensor>& tensors) : Value(std::span<const Tensor>(tensors)) {}
  Value(DeviceOf device) {
    abi_.tag = SS_VALUE_DEVICE_OF;
    abi_.as.tensor = device.handle;
  }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  const ss_value& abi() const { return abi_; }

 private:
  ss_value abi_{};
  std::vector<ss_tensor> handles_;
};

using Values = std::initializer_list<Value>;

namespace detail {

inline constexpr uint32_t kMostArguments = 32;
inline constexpr uint32_t kUsualResults = 16;

// The arguments as the contract wants them, on the stack.
struct Arguments {
  explicit Arguments(Values values) {
    if (values.size() > kMostArguments) throw Error("an operator takes at most 32 arguments");
    for (const Value& value : values) raw[count++] = value.abi();
  }
  ss_value raw[kMostArguments];
  uint32_t count = 0;
};

// Takes over all results. One that is not a tensor is an error, after which nothing leaks.
inline std::vector<Tensor> take(std::span<const ss_value> results) {
  std::vector<Tensor> tensors;
  bool all_tensors = true;
  tensors.reserve(results.size());
  for (const ss_value& result : results) {
    all_tensors = all_tensors && result.tag == SS_VALUE_TENSOR;
    if (result.tag == SS_VALUE_TENSOR) tensors.push_back(Tensor::adopt(result.as.tensor));
  }
  if (!all_tensors) throw Error("the operator gave a value that is not a tensor");
  return tensors;
}

inline std::vector<Tensor> invoke_list(const ss_ops_table& ops, ss_operator op, const Arguments& arguments) {
  ss_value few[kUsualResults];
  uint32_t count = kUsualResults;
  ss_status status = ops.call(op, arguments.raw, arguments.count, few, &count);
  if (status != SS_TOO_SMALL) {
    check(status);
    return take({few, count});
  }
  std::vector<ss_value> many(count);
  check(ops.call(op, arguments.raw, arguments.count, many.data(), &count));
  return take({many.data(), count});
}

inline Tensor invoke(const ss_ops_table& ops, ss_operator op, const Arguments& arguments) {
  ss_value result;
  uint32_t count = 1;
  const ss_status status = ops.call(op, arguments.raw, arguments.count, &result, &count);
  if (status == SS_TOO_SMALL) throw Error("the operator gives several results: use call_list");
  check(status);
  if (count != 1 || result.tag != SS_VALUE_TENSOR) throw Error("the operator gave no tensor");
  return Tensor::adopt(result.as.tensor);
}

}  // namespace detail

// Note [Templates without a parameter to deduce]
// Functions on tensors are templates so that only those which a plugin uses are instantiated and listed as needed. The
// parameter has a default and nothing depends on it: conversions of the arguments work as in any function.

template <detail::Literal name>
Tensor call(Values arguments) {
  return detail::invoke(detail::capability<SS_OPS_1, ss_ops_table>(), detail::find_operator<name>(),
                        detail::Arguments(arguments));
}
template <detail::Literal name>
std::vector<Tensor> call_list(Values arguments) {
  return detail::invoke_list(detail::capability<SS_OPS_1, ss_ops_table>(), detail::find_operator<name>(),
                             detail::Arguments(arguments));
}

template <class = void>
Tensor call(std::string_view name, Values arguments) {
  const auto& ops = detail::capability<SS_OPS_1, ss_ops_table>();
  return detail::invoke(ops, detail::resolve(ops, name), detail::Arguments(arguments));
}
template <class = void>
std::vector<Tensor> call_list(std::string_view name, Values arguments) {
  const auto& ops = detail::capability<SS_OPS_1, ss_ops_table>();
  return detail::invoke_list(ops, detail::resolve(ops, name), detail::Arguments(arguments));
}

}  // namespace v1
}  // namespace ss

#endif
