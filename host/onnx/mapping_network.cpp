// Convolutions, norms, activations, pooling, resizing and attention.
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include <array>
#include <cmath>
#include <numbers>

#include "onnx/mapping.h"

namespace sshost::onnx {
namespace {

std::vector<int64_t> on_both_sides(const std::vector<int64_t>& padding) {
  return {padding[0], padding[1], padding[0], padding[1]};
}

// "head.fuse.conv.weight" is beside "head.fuse.conv.bias".
std::string bias_beside(const std::string& weight) {
  constexpr std::string_view kEnding = "weight";
  if (!weight.ends_with(kEnding)) return "";
  return weight.substr(0, weight.size() - kEnding.size()) + "bias";
}

// Weight and bias with a norm behind them folded in, as the host folds them: in double precision, rounded once.
Names folded(Translation& step, const at::Tensor& weight, const at::Tensor& bias, const std::string& name,
             const Affine& norm) {
  const at::Tensor scaled = (weight.to(at::kDouble) * norm.scale.view({-1, 1, 1, 1})).to(weight.scalar_type());
  const at::Tensor shift = bias.defined() ? norm.shift + bias.to(at::kDouble) * norm.scale : norm.shift;
  return {step.graph().constant(scaled, name),
          step.graph().constant(shift.to(weight.scalar_type()), bias_beside(name))};
}

// (input, weight, bias, stride, padding, dilation, groups)
void conv2d(Translation& step, const char*) {
  const Attributes attributes = {{"strides", step.pair(3)},
                                 {"pads", on_both_sides(step.pair(4))},
                                 {"dilations", step.pair(5)},
                                 {"group", step.integer(6)}};
  const std::string input = step.tensor(0);
  const at::Tensor weight = step.constant(1);
  const at::Tensor bias = step.has(2) ? step.constant(2) : at::Tensor();
  const bool can_fold = weight.defined() && (bias.defined() || !step.has(2));
  const std::string name = step.name_of_constant(1);
  Names inputs{input};
  Names plain{input, can_fold ? "" : step.tensor(1)};
  if (!can_fold && step.has(2)) plain.push_back(step.tensor(2));
  if (!can_fold) return step.give(step.node("Conv", plain, attributes));
  const std::string bias_name = step.has(2) ? step.name_of_constant(2) : "";
  if (const std::optional<Affine> norm = step.take_following_norm()) {
    for (std::string& part : folded(step, weight, bias, name, *norm)) inputs.push_back(std::move(part));
  } else {
    inputs.push_back(step.graph().constant(weight, name));
    if (bias.defined()) inputs.push_back(step.graph().constant(bias, bias_name));
  }
  step.give(step.node("Conv", inputs, attributes));
}

// (input, weight, bias, stride, padding, output padding, groups, dilation)
void conv_transpose2d(Translation& step, const char*) {
  Names inputs{step.tensor(0), step.tensor(1)};
  if (step.has(2)) inputs.push_back(step.tensor(2));
  step.give(step.node("ConvTranspose", inputs,
                      {{"strides", step.pair(3)},
                       {"pads", on_both_sides(step.pair(4))},
                       {"output_padding", step.pair(5)},
                       {"group", step.integer(6)},
                       {"dilations", step.pair(7)}}));
}

void linear(Translation& step, const char*) {
  const at::Tensor weight = step.constant(1);
  const std::string matrix = weight.defined() ? step.graph().constant(weight.t(), step.name_of_constant(1))
                                              : step.node("Transpose", {step.tensor(1)});
  const std::string product = step.node("MatMul", {step.tensor(0), matrix});
  step.give(step.has(2) ? step.node("Add", {product, step.tensor(2)}) : product);
}

// (input, weight, bias, mean, variance, training, momentum, epsilon, cudnn)
void batch_norm(Translation& step, const char*) {
  if (step.flag(5)) step.refuse("it is of the batch's own statistics, as in training");
  for (size_t part = 1; part <= 4; ++part) {
    if (!step.has(part)) step.refuse("it has no weight, bias or statistics");
  }
  step.give(step.node("BatchNormalization",
                      {step.tensor(0), step.tensor(1), step.tensor(2), step.tensor(3), step.tensor(4)},
                      {{"epsilon", step.real(7)}}));
}

// (input, groups, weight, bias, epsilon): each group of channels is one channel of an instance norm.
void group_norm(Translation& step, const char*) {
  const int64_t groups = step.integer(1);
  const at::ScalarType dtype = step.result_dtype();
  const std::string x = step.tensor(0);
  const std::string grouped = step.node("Reshape", {x, step.graph().integers({0, groups, -1})});
  const std::string one = step.graph().constant(at::zeros({groups}, dtype) + 1);
  const std::string zero = step.graph().constant(at::zeros({groups}, dtype));
  const std::string normal = step.node("InstanceNormalization", {grouped, one, zero}, {{"epsilon", step.real(4)}});
  std::string result = step.node("Reshape", {normal, step.node("Shape", {x})});
  std::vector<int64_t> axes;  // behind the channels
  for (size_t axis = 2; axis < step.rank(0); ++axis) axes.push_back(static_cast<int64_t>(axis) - 1);
  const auto by_channel = [&](size_t argument) {
    return step.node("Unsqueeze", {step.tensor(argument), step.graph().integers(axes)});
  };
  if (step.has(2)) result = step.node("Mul", {result, by_channel(2)});
  if (step.has(3)) result = step.node("Add", {result, by_channel(3)});
  step.give(result);
}

// (input, sizes, weight, bias, epsilon, cudnn)
void layer_norm(Translation& step, const char*) {
  if (!step.has(2)) step.refuse("it has no weight");
  Names inputs{step.tensor(0), step.tensor(2)};
  if (step.has(3)) inputs.push_back(step.tensor(3));
  const auto axes = static_cast<int64_t>(step.numbers(1).size());
  step.give(step.node("LayerNormalization", inputs, {{"axis", -axes}, {"epsilon", step.real(4)}}));
}

void same(Translation& step, const char* word) { step.give(step.node(word, {step.tensor(0)})); }

void leaky_relu(Translation& step, const char*) {
  step.give(step.node("LeakyRelu", {step.tensor(0)}, {{"alpha", step.real(1)}}));
}

// A slope for each channel, or one.
void prelu(Translation& step, const char*) {
  std::string slope = step.tensor(1);
  std::vector<int64_t> axes;
  for (size_t axis = 2; axis < step.rank(0); ++axis) axes.push_back(static_cast<int64_t>(axis) - 1);
  if (!axes.empty()) slope = step.node("Unsqueeze", {slope, step.graph().integers(axes)});
  step.give(step.node("PRelu", {step.tensor(0), slope}));
}

void gelu(Translation& step, const char*) {
  if (step.text(1) == "tanh") step.refuse("it is approximated by tanh");
  const at::ScalarType dtype = step.result_dtype();
  const std::string x = step.tensor(0);
  const std::string scaled = step.node("Div", {x, step.graph().scalar(std::numbers::sqrt2, dtype)});
  const std::string above = step.node("Add", {step.node("Erf", {scaled}), step.graph().scalar(1, dtype)});
  step.give(step.node("Mul", {step.node("Mul", {x, above}), step.graph().scalar(0.5, dtype)}));
}

void silu(Translation& step, const char*) {
  step.give(step.node("Mul", {step.tensor(0), step.node("Sigmoid", {step.tensor(0)})}));
}

// (x, beta, threshold)
void softplus(Translation& step, const char*) {
  if (step.has(1) && step.real(1) != 1) step.refuse("its beta is not 1");
  same(step, "Softplus");
}

// (x, axis, dtype?)
void softmax(Translation& step, const char* word) {
  step.give(step.node(word, {step.operand(0, step.result_dtype())}, {{"axis", step.axis(1)}}));
}

void dropout(Translation& step, const char*) {
  if (step.flag(2)) step.refuse("it drops, as in training");
  step.give(step.tensor(0));
}

// (x, kernel, stride, padding, dilation, ceil)
void max_pool2d(Translation& step, const char*) {
  const std::vector<int64_t> kernel = step.pair(1);
  step.give(step.node("MaxPool", {step.tensor(0)},
                      {{"kernel_shape", kernel},
                       {"strides", step.integers(2).empty() ? kernel : step.pair(2)},
                       {"pads", on_both_sides(step.pair(3))},
                       {"dilations", step.pair(4)},
                       {"ceil_mode", int64_t{step.flag(5)}}}));
}

// (x, kernel, stride, padding, ceil, whether padding counts, divisor?)
void avg_pool2d(Translation& step, const char*) {
  if (step.has(6)) step.refuse("it has a divisor of its own");
  const std::vector<int64_t> kernel = step.pair(1);
  step.give(step.node("AveragePool", {step.tensor(0)},
                      {{"kernel_shape", kernel},
                       {"strides", step.integers(2).empty() ? kernel : step.pair(2)},
                       {"pads", on_both_sides(step.pair(3))},
                       {"ceil_mode", int64_t{step.flag(4)}},
                       {"count_include_pad", int64_t{step.flag(5)}}}));
}

// Means over cells of an axis of size L, as a matrix [cells, L]: cell i goes from floor(i L / cells) to
// ceil((i + 1) L / cells), where it ends. ONNX has no pooling whose cells depend on the size.
std::string cell_means(Translation& step, const Numbers& length, int64_t cells) {
  Graph& graph = step.graph();
  std::vector<int64_t> first(static_cast<size_t>(cells));
  for (size_t i = 0; i < first.size(); ++i) first[i] = static_cast<int64_t>(i);
  const std::string size = step.size(length);
  const std::string count = graph.integers({cells});
  const std::string column = graph.integers({1});
  const std::string begins = step.node("Div", {step.node("Mul", {graph.integers(first), size}), count});
  for (int64_t& i : first) ++i;
  const std::string beyond =
      step.node("Add", {step.node("Mul", {graph.integers(first), size}), graph.integers({cells - 1})});
  const std::string ends = step.node("Div", {beyond, count});
  const std::string places =
      step.node("Range", {graph.scalar(0, at::kLong), step.node("Squeeze", {size}), graph.scalar(1, at::kLong)});
  const std::string from = step.node("Unsqueeze", {begins, column});
  const std::string to = step.node("Unsqueeze", {ends, column});
  const std::string inside =
      step.node("And", {step.node("GreaterOrEqual", {places, from}), step.node("Less", {places, to})});
  const at::ScalarType dtype = step.result_dtype();
  return step.node("Div",
                   {step.cast(inside, at::kBool, dtype), step.cast(step.node("Sub", {to, from}), at::kLong, dtype)});
}

// (x, [height, width])
void adaptive_avg_pool2d(Translation& step, const char*) {
  const std::vector<int64_t> cells = step.pair(1);
  if (cells[0] == 1 && cells[1] == 1) return same(step, "GlobalAveragePool");
  const std::vector<Numbers> sizes = step.sizes(0);
  const std::string rows = cell_means(step, sizes.at(2), cells[0]);
  const std::string columns = step.node("Transpose", {cell_means(step, sizes.at(3), cells[1])});
  step.give(step.node("MatMul", {step.node("MatMul", {rows, step.tensor(0)}), columns}));
}

// [N, C, height, width] of the result, N and C as the input has them.
std::string map_sizes(Translation& step) {
  const std::vector<Numbers> all = step.result_sizes();
  const std::string outer = step.node("Shape", {step.tensor(0)}, {{"start", int64_t{0}}, {"end", int64_t{2}}});
  return step.node("Concat", {outer, step.sizes({all.at(2), all.at(3)})}, {{"axis", int64_t{0}}});
}

// (x, [height, width], align corners, scales...)
void resize(Translation& step, const char* word) {
  if (step.has(3) || step.has(4)) step.refuse("it samples by scales of its own");
  const std::string coordinates = step.flag(2) ? "align_corners" : "half_pixel";
  step.give(step.node(
      "Resize", {step.tensor(0), "", "", map_sizes(step)},
      {{"mode", std::string(word)}, {"coordinate_transformation_mode", coordinates}, {"cubic_coeff_a", -0.75}}));
}

// (x, [height, width], scales...): the element at floor(i * in / out).
void resize_nearest(Translation& step, const char*) {
  if (step.has(2) || step.has(3)) step.refuse("it samples by scales of its own");
  step.give(step.node("Resize", {step.tensor(0), "", "", map_sizes(step)},
                      {{"mode", std::string("nearest")},
                       {"coordinate_transformation_mode", std::string("asymmetric")},
                       {"nearest_mode", std::string("floor")}}));
}

std::string attended(Translation& step, const std::string& logits, const std::string& value) {
  return step.node("MatMul", {step.node("Softmax", {logits}, {{"axis", int64_t{-1}}}), value});
}

// (query [N, L, C], key [N, C, S], value, scale)
void attention(Translation& step, const char*) {
  const std::string query = step.node("Mul", {step.tensor(0), step.graph().scalar(step.real(3), step.result_dtype())});
  step.give(attended(step, step.node("MatMul", {query, step.tensor(1)}), step.tensor(2)));
}

// (query [..., L, D], key [..., S, D], value, mask?, dropout, causal, scale?, grouped)
void dot_product_attention(Translation& step, const char*) {
  if (step.real(4) != 0 || step.flag(5) || step.flag(7)) step.refuse("it drops, is causal, or has groups of queries");
  const at::ScalarType dtype = step.result_dtype();
  const Numbers width = step.sizes(0).back();
  const double scale = step.has(6) ? step.real(6) : 1 / std::sqrt(static_cast<double>(width.front()));
  std::vector<int64_t> axes;
  for (size_t axis = 0; axis < step.rank(1); ++axis) axes.push_back(static_cast<int64_t>(axis));
  std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
  const std::string key = step.node("Transpose", {step.tensor(1)}, {{"perm", axes}});
  const std::string query = step.node("Mul", {step.tensor(0), step.graph().scalar(scale, dtype)});
  std::string logits = step.node("MatMul", {query, key});
  if (step.has(3)) {
    if (step.dtype(3) == at::kBool) step.refuse("its mask is of booleans");
    logits = step.node("Add", {logits, step.tensor(3)});
  }
  step.give(attended(step, logits, step.tensor(2)));
}

constexpr std::array kMappings = {
    Mapping{"aten::conv2d", conv2d},
    Mapping{"aten::conv_transpose2d.input", conv_transpose2d},
    Mapping{"aten::linear", linear},
    Mapping{"aten::batch_norm", batch_norm},
    Mapping{"aten::group_norm", group_norm},
    Mapping{"aten::layer_norm", layer_norm},

    Mapping{"aten::relu", same, "Relu"},
    Mapping{"aten::sigmoid", same, "Sigmoid"},
    Mapping{"aten::tanh", same, "Tanh"},
    Mapping{"aten::leaky_relu", leaky_relu},
    Mapping{"aten::prelu", prelu},
    Mapping{"aten::gelu", gelu},
    Mapping{"aten::silu", silu},
    Mapping{"aten::softplus", softplus},
    Mapping{"aten::softmax.int", softmax, "Softmax"},
    Mapping{"aten::log_softmax.int", softmax, "LogSoftmax"},
    Mapping{"aten::dropout", dropout},
    Mapping{"aten::feature_dropout", dropout},

    Mapping{"aten::max_pool2d", max_pool2d},
    Mapping{"aten::avg_pool2d", avg_pool2d},
    Mapping{"aten::adaptive_avg_pool2d", adaptive_avg_pool2d},
    Mapping{"aten::upsample_bilinear2d", resize, "linear"},
    Mapping{"aten::upsample_bicubic2d", resize, "cubic"},
    Mapping{"aten::upsample_nearest2d", resize_nearest},

    Mapping{"sshost::attention", attention},
    Mapping{"aten::scaled_dot_product_attention", dot_product_attention},
};

}  // namespace

std::span<const Mapping> network_mappings() { return kMappings; }

}  // namespace sshost::onnx
