// Functions of single elements, comparisons, reductions and products.
#include <ATen/core/Tensor.h>

#include <array>
#include <limits>
#include <string_view>

#include "onnx/mapping.h"

namespace sshost::onnx {
namespace {

void unary(Translation& step, const char* word) { step.give(step.node(word, {step.operand(0, step.result_dtype())})); }

void binary(Translation& step, const char* word) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node(word, {step.operand(0, dtype), step.operand(1, dtype)}));
}

// The second one times `alpha`.
std::string scaled_second(Translation& step, size_t argument, at::ScalarType dtype) {
  const std::string second = step.operand(argument, dtype);
  const double alpha = step.has(2) ? step.real(2) : 1;
  return alpha == 1 ? second : step.node("Mul", {second, step.graph().scalar(alpha, dtype)});
}

void sum_of_two(Translation& step, const char* word) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node(word, {step.operand(0, dtype), scaled_second(step, 1, dtype)}));
}

void reversed_sub(Translation& step, const char*) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node("Sub", {step.operand(1, dtype), scaled_second(step, 0, dtype)}));
}

// What both are compared as.
at::ScalarType common_dtype(const Translation& step, size_t first, size_t second) {
  const at::ScalarType dtype = step.dtype(first);
  if (step.is_tensor(second)) return c10::promoteTypes(dtype, step.dtype(second));
  const double number = step.real(second);
  const bool is_whole = number == static_cast<double>(static_cast<int64_t>(number));
  return c10::isIntegralType(dtype, true) && !is_whole ? at::kFloat : dtype;
}

bool may_vary(const Translation& step, size_t argument) {
  return !step.is_tensor(argument) && c10::isIntegralType(step.dtype(0), false);
}

void comparison(Translation& step, const char* word) {
  const at::ScalarType dtype = may_vary(step, 1) ? step.dtype(0) : common_dtype(step, 0, 1);
  step.give(step.node(word, {step.operand(0, dtype), step.operand(1, dtype)}));
}

void not_equal(Translation& step, const char*) {
  const at::ScalarType dtype = common_dtype(step, 0, 1);
  step.give(step.node("Not", {step.node("Equal", {step.operand(0, dtype), step.operand(1, dtype)})}));
}

void logical(Translation& step, const char* word) {
  step.give(step.node(word, {step.operand(0, at::kBool), step.operand(1, at::kBool)}));
}

void logical_not(Translation& step, const char*) { step.give(step.node("Not", {step.operand(0, at::kBool)})); }

void rsqrt(Translation& step, const char*) {
  step.give(step.node("Reciprocal", {step.node("Sqrt", {step.tensor(0)})}));
}

void square(Translation& step, const char*) { step.give(step.node("Mul", {step.tensor(0), step.tensor(0)})); }

void is_finite(Translation& step, const char*) {
  const std::string x = step.tensor(0);
  step.give(step.node("Not", {step.node("Or", {step.node("IsInf", {x}), step.node("IsNaN", {x})})}));
}

// (x, least, most), either of which may be absent.
void clamp(Translation& step, const char*) {
  const at::ScalarType dtype = step.result_dtype();
  const std::string least = step.has(1) ? step.operand(1, dtype) : "";
  const std::string most = step.has(2) ? step.operand(2, dtype) : "";
  step.give(step.node(
      "Clip", most.empty() ? Names{step.operand(0, dtype), least} : Names{step.operand(0, dtype), least, most}));
}

void clamp_max(Translation& step, const char*) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node("Clip", {step.operand(0, dtype), "", step.operand(1, dtype)}));
}

void where(Translation& step, const char*) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node("Where", {step.operand(0, at::kBool), step.operand(1, dtype), step.operand(2, dtype)}));
}

// (x, mask, value)
void masked_fill(Translation& step, const char*) {
  const at::ScalarType dtype = step.result_dtype();
  step.give(step.node("Where", {step.operand(1, at::kBool), step.operand(2, dtype), step.operand(0, dtype)}));
}

void reduce(Translation& step, const char* word, const std::vector<int64_t>& axes, bool keeps) {
  Names inputs{step.operand(0, step.result_dtype())};
  if (!axes.empty()) inputs.push_back(step.graph().integers(axes));
  step.give(step.node(word, inputs, {{"keepdims", int64_t{keeps}}}));
}

void reduce_all(Translation& step, const char* word) { reduce(step, word, {}, false); }
void reduce_axes(Translation& step, const char* word) { reduce(step, word, step.integers(1), step.flag(2)); }

// (x, order, axes, keep)
void vector_norm(Translation& step, const char*) {
  const double order = step.real(1);
  if (order != 1 && order != 2) step.refuse("its order is neither 1 nor 2");
  reduce(step, order == 1 ? "ReduceL1" : "ReduceL2", step.integers(2), step.flag(3));
}

void arg_extreme(Translation& step, const char* word) {
  if (!step.has(1)) step.refuse("it has no axis");
  step.give(step.node(word, {step.tensor(0)}, {{"axis", step.axis(1)}, {"keepdims", int64_t{step.flag(2)}}}));
}

void cumulative_sum(Translation& step, const char*) {
  step.give(step.node("CumSum", {step.operand(0, step.result_dtype()),
                                 step.graph().scalar(static_cast<double>(step.axis(1)), at::kLong)}));
}

// (x, k, axis, largest, sorted)
void top_k(Translation& step, const char*) {
  const Names outputs =
      step.graph().add("TopK", {step.tensor(0), step.size(step.number(1))},
                       {{"axis", step.axis(2)}, {"largest", int64_t{step.flag(3)}}, {"sorted", int64_t{1}}}, 2);
  step.give(outputs[0], 0);
  step.give(outputs[1], 1);
}

void product(Translation& step, const char*) { step.give(step.node("MatMul", {step.tensor(0), step.tensor(1)})); }

// (c, a, b, beta, alpha)
void product_and_sum(Translation& step, const char*) {
  if (step.real(3) != 1 || step.real(4) != 1) step.refuse("its beta and alpha are not 1");
  step.give(step.node("Add", {step.tensor(0), step.node("MatMul", {step.tensor(1), step.tensor(2)})}));
}

void einsum(Translation& step, const char*) {
  step.give(step.node("Einsum", step.tensors(1), {{"equation", step.text(0)}}));
}

constexpr std::array kMappings = {
    Mapping{"aten::abs", unary, "Abs"},
    Mapping{"aten::ceil", unary, "Ceil"},
    Mapping{"aten::cos", unary, "Cos"},
    Mapping{"aten::erf", unary, "Erf"},
    Mapping{"aten::exp", unary, "Exp"},
    Mapping{"aten::floor", unary, "Floor"},
    Mapping{"aten::log", unary, "Log"},
    Mapping{"aten::neg", unary, "Neg"},
    Mapping{"aten::reciprocal", unary, "Reciprocal"},
    Mapping{"aten::round", unary, "Round"},
    Mapping{"aten::sign", unary, "Sign"},
    Mapping{"aten::sin", unary, "Sin"},
    Mapping{"aten::sqrt", unary, "Sqrt"},
    Mapping{"aten::rsqrt", rsqrt},
    Mapping{"aten::square", square},
    Mapping{"aten::isfinite", is_finite},

    Mapping{"aten::add.Tensor", sum_of_two, "Add"},
    Mapping{"aten::add.Scalar", sum_of_two, "Add"},
    Mapping{"aten::sub.Tensor", sum_of_two, "Sub"},
    Mapping{"aten::sub.Scalar", sum_of_two, "Sub"},
    Mapping{"aten::rsub.Scalar", reversed_sub},
    Mapping{"aten::mul.Tensor", binary, "Mul"},
    Mapping{"aten::mul.Scalar", binary, "Mul"},
    Mapping{"aten::div.Tensor", binary, "Div"},
    Mapping{"aten::div.Scalar", binary, "Div"},
    Mapping{"aten::pow.Tensor_Scalar", binary, "Pow"},
    Mapping{"aten::maximum", binary, "Max"},
    Mapping{"aten::minimum", binary, "Min"},
    Mapping{"aten::clamp", clamp},
    Mapping{"aten::clamp_min", clamp},
    Mapping{"aten::clamp_max", clamp_max},

    Mapping{"aten::eq.Tensor", comparison, "Equal"},
    Mapping{"aten::eq.Scalar", comparison, "Equal"},
    Mapping{"aten::ne.Tensor", not_equal},
    Mapping{"aten::ne.Scalar", not_equal},
    Mapping{"aten::lt.Tensor", comparison, "Less"},
    Mapping{"aten::lt.Scalar", comparison, "Less"},
    Mapping{"aten::le.Tensor", comparison, "LessOrEqual"},
    Mapping{"aten::le.Scalar", comparison, "LessOrEqual"},
    Mapping{"aten::gt.Tensor", comparison, "Greater"},
    Mapping{"aten::gt.Scalar", comparison, "Greater"},
    Mapping{"aten::ge.Tensor", comparison, "GreaterOrEqual"},
    Mapping{"aten::ge.Scalar", comparison, "GreaterOrEqual"},
    Mapping{"aten::logical_and", logical, "And"},
    Mapping{"aten::logical_or", logical, "Or"},
    Mapping{"aten::logical_not", logical_not},
    Mapping{"aten::where.self", where},
    Mapping{"aten::where.ScalarOther", where},
    Mapping{"aten::masked_fill.Scalar", masked_fill},

    Mapping{"aten::sum", reduce_all, "ReduceSum"},
    Mapping{"aten::mean", reduce_all, "ReduceMean"},
    Mapping{"aten::max", reduce_all, "ReduceMax"},
    Mapping{"aten::min", reduce_all, "ReduceMin"},
    Mapping{"aten::sum.dim_IntList", reduce_axes, "ReduceSum"},
    Mapping{"aten::mean.dim", reduce_axes, "ReduceMean"},
    Mapping{"aten::amax", reduce_axes, "ReduceMax"},
    Mapping{"aten::amin", reduce_axes, "ReduceMin"},
    Mapping{"aten::linalg_vector_norm", vector_norm},
    Mapping{"aten::argmax", arg_extreme, "ArgMax"},
    Mapping{"aten::argmin", arg_extreme, "ArgMin"},
    Mapping{"aten::cumsum", cumulative_sum},
    Mapping{"aten::topk", top_k},

    Mapping{"aten::matmul", product},
    Mapping{"aten::mm", product},
    Mapping{"aten::bmm", product},
    Mapping{"aten::baddbmm", product_and_sum},
    Mapping{"aten::addmm", product_and_sum},
    Mapping{"aten::einsum", einsum},
};

}  // namespace

std::span<const Mapping> arithmetic_mappings() { return kMappings; }

}  // namespace sshost::onnx
