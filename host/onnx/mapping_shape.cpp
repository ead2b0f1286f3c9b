// Shape, order, element type, parts of tensors, and new ones.
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>
#include <limits>

#include "onnx/mapping.h"

namespace sshost::onnx {
namespace {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

void reshape(Translation& step, const char*) { step.give(step.reshaped(step.tensor(0))); }

void permute(Translation& step, const char*) {
  std::vector<int64_t> axes = step.integers(1);
  for (int64_t& axis : axes) axis = axis < 0 ? axis + static_cast<int64_t>(axes.size()) : axis;
  step.give(step.node("Transpose", {step.tensor(0)}, {{"perm", axes}}));
}

void swap_axes(Translation& step, int64_t first, int64_t second) {
  std::vector<int64_t> axes;
  for (size_t axis = 0; axis < step.rank(0); ++axis) axes.push_back(static_cast<int64_t>(axis));
  std::swap(axes.at(static_cast<size_t>(first)), axes.at(static_cast<size_t>(second)));
  step.give(step.node("Transpose", {step.tensor(0)}, {{"perm", axes}}));
}

void transpose(Translation& step, const char*) { swap_axes(step, step.axis(1), step.axis(2)); }
void transpose_matrix(Translation& step, const char*) { swap_axes(step, 0, 1); }

void unsqueeze(Translation& step, const char*) {
  step.give(step.node("Unsqueeze", {step.tensor(0), step.graph().integers({step.integer(1)})}));
}

// It leaves an axis that is not of size 1.
void squeeze(Translation& step, const char*) {
  if (step.result_sizes().size() == step.rank(0)) return step.give(step.tensor(0));
  step.give(step.node("Squeeze", {step.tensor(0), step.graph().integers({step.axis(1)})}));
}

// Sizes that the input has are 1 here: there Expand keeps the input's.
void expand(Translation& step, const char*) {
  const std::vector<Numbers> from = step.sizes(0);
  std::vector<Numbers> to = step.result_sizes();
  for (size_t i = 0; i < from.size(); ++i) {
    Numbers& size = to[to.size() - 1 - i];
    if (size == from[from.size() - 1 - i]) std::fill(size.begin(), size.end(), 1);
  }
  step.give(step.node("Expand", {step.tensor(0), step.sizes(to)}));
}

void repeat(Translation& step, const char*) {
  std::string x = step.tensor(0);
  const std::vector<Numbers> times = step.numbers(1);
  if (times.size() > step.rank(0)) {
    std::vector<int64_t> axes;
    for (size_t axis = 0; axis < times.size() - step.rank(0); ++axis) axes.push_back(static_cast<int64_t>(axis));
    x = step.node("Unsqueeze", {x, step.graph().integers(axes)});
  }
  step.give(step.node("Tile", {x, step.sizes(times)}));
}

void convert(Translation& step, const char*) { step.give(step.operand(0, step.result_dtype())); }

void concatenate(Translation& step, const char*) {
  const int64_t axis = step.integer(1);
  const auto rank = static_cast<int64_t>(step.result_sizes().size());
  step.give(step.node("Concat", step.tensors(0), {{"axis", axis < 0 ? axis + rank : axis}}));
}

void stack(Translation& step, const char*) {
  const auto rank = static_cast<int64_t>(step.result_sizes().size());
  const int64_t axis = step.integer(1) < 0 ? step.integer(1) + rank : step.integer(1);
  Names parts = step.tensors(0);
  for (std::string& part : parts) part = step.node("Unsqueeze", {part, step.graph().integers({axis})});
  step.give(step.node("Concat", parts, {{"axis", axis}}));
}

// (x, how, axis): the results tell how.
void split(Translation& step, const char*) {
  const int64_t axis = step.axis(2);
  std::vector<Numbers> sizes;
  for (size_t i = 0; i < step.results(); ++i) sizes.push_back(step.result_sizes(i).at(static_cast<size_t>(axis)));
  const Names parts = step.graph().add("Split", {step.tensor(0), step.sizes(sizes)}, {{"axis", axis}}, step.results());
  for (size_t i = 0; i < parts.size(); ++i) step.give(parts[i], i);
}

std::string taken(Translation& step, int64_t axis, int64_t index) {
  return step.node("Gather", {step.tensor(0), step.graph().scalar(static_cast<double>(index), at::kLong)},
                   {{"axis", axis}});
}

void select(Translation& step, const char*) { step.give(taken(step, step.axis(1), step.integer(2))); }

void unbind(Translation& step, const char*) {
  for (size_t i = 0; i < step.results(); ++i) step.give(taken(step, step.axis(1), static_cast<int64_t>(i)), i);
}

std::string sliced(Translation& step, const std::string& x, const std::string& from, const std::string& to,
                   int64_t axis, int64_t stride = 1) {
  return step.node("Slice", {x, from, to, step.graph().integers({axis}), step.graph().integers({stride})});
}

// (x, axis, start, length)
void narrow(Translation& step, const char*) {
  const Numbers start = step.number(2), length = step.number(3);
  Numbers end;
  for (size_t i = 0; i < start.size(); ++i) end.push_back(start[i] + length[i]);
  step.give(sliced(step, step.tensor(0), step.size(start), step.size(end), step.axis(1)));
}

// (x, axis, start?, end?, stride)
void slice(Translation& step, const char*) {
  const std::string from = step.has(2) ? step.size(step.number(2)) : step.graph().integers({0});
  const std::string to = step.has(3) ? step.size(step.number(3)) : step.graph().integers({kEnd});
  step.give(sliced(step, step.tensor(0), from, to, step.axis(1), step.integer(4)));
}

// (x, shifts, axes)
void roll(Translation& step, const char*) {
  const std::vector<int64_t> shifts = step.integers(1), axes = step.integers(2);
  if (axes.size() != shifts.size()) step.refuse("it has no axes");
  std::string x = step.tensor(0);
  for (size_t i = 0; i < axes.size(); ++i) {
    const int64_t axis = axes[i] < 0 ? axes[i] + static_cast<int64_t>(step.rank(0)) : axes[i];
    const std::string cut = step.graph().integers({-shifts[i]});
    const std::string tail = sliced(step, x, cut, step.graph().integers({kEnd}), axis);
    const std::string head = sliced(step, x, step.graph().integers({0}), cut, axis);
    x = step.node("Concat", {tail, head}, {{"axis", axis}});
  }
  step.give(x);
}

void flip(Translation& step, const char*) {
  std::string x = step.tensor(0);
  for (const int64_t axis : step.integers(1)) {
    x = sliced(step, x, step.graph().integers({-1}), step.graph().integers({-kEnd}), axis, -1);
  }
  step.give(x);
}

// Amounts count from the last axis on, before and behind it; ONNX wants those before all axes, then those behind.
void pad(Translation& step, const char*) {
  const std::vector<Numbers> amounts = step.numbers(1);
  const size_t rank = step.rank(0);
  std::vector<Numbers> pads(2 * rank, Numbers(amounts.empty() ? 1 : amounts.front().size(), 0));
  for (size_t i = 0; i < amounts.size() / 2; ++i) {
    pads[rank - 1 - i] = amounts[2 * i];
    pads[2 * rank - 1 - i] = amounts[2 * i + 1];
  }
  step.give(step.node("Pad", {step.tensor(0), step.sizes(pads), step.operand(2, step.result_dtype())}));
}

void index_select(Translation& step, const char*) {
  step.give(step.node("Gather", {step.tensor(0), step.tensor(2)}, {{"axis", step.axis(1)}}));
}

void gather(Translation& step, const char*) {
  step.give(step.node("GatherElements", {step.tensor(0), step.tensor(2)}, {{"axis", step.axis(1)}}));
}

void one_hot(Translation& step, const char*) {
  const std::string values = step.graph().integers({0, 1});
  step.give(step.node("OneHot", {step.tensor(0), step.size(step.number(1)), values}, {{"axis", int64_t{-1}}}));
}

void filled(Translation& step, const std::string& value) {
  step.give(step.node("Expand", {value, step.sizes(step.result_sizes())}));
}

void zeros(Translation& step, const char*) { filled(step, step.graph().scalar(0, step.result_dtype())); }
void ones(Translation& step, const char*) { filled(step, step.graph().scalar(1, step.result_dtype())); }
void full(Translation& step, const char*) { filled(step, step.operand(2, step.result_dtype())); }
void full_like(Translation& step, const char*) { filled(step, step.operand(1, step.result_dtype())); }

// (end, ...)
void range(Translation& step, const char*) {
  const std::string end = step.node("Squeeze", {step.size(step.number(0))});
  const std::string numbers =
      step.node("Range", {step.graph().scalar(0, at::kLong), end, step.graph().scalar(1, at::kLong)});
  step.give(step.cast(numbers, at::kLong, step.result_dtype()));
}

constexpr std::array kMappings = {
    Mapping{"aten::reshape", reshape},
    Mapping{"aten::view", reshape},
    Mapping{"aten::view_as", reshape},
    Mapping{"aten::flatten.using_ints", reshape},
    Mapping{"aten::permute", permute},
    Mapping{"aten::transpose.int", transpose},
    Mapping{"aten::t", transpose_matrix},
    Mapping{"aten::unsqueeze", unsqueeze},
    Mapping{"aten::squeeze.dim", squeeze},
    Mapping{"aten::expand", expand},
    Mapping{"aten::expand_as", expand},
    Mapping{"aten::repeat", repeat},

    Mapping{"aten::to.dtype", convert},
    Mapping{"aten::to.dtype_layout", convert},
    Mapping{"aten::to.device", convert},
    Mapping{"aten::to.other", convert},
    Mapping{"aten::type_as", convert},

    Mapping{"aten::cat", concatenate},
    Mapping{"aten::stack", stack},
    Mapping{"aten::chunk", split},
    Mapping{"aten::split.Tensor", split},
    Mapping{"aten::split_with_sizes", split},
    Mapping{"aten::unbind.int", unbind},
    Mapping{"aten::select.int", select},
    Mapping{"aten::narrow", narrow},
    Mapping{"aten::slice.Tensor", slice},
    Mapping{"aten::roll", roll},
    Mapping{"aten::flip", flip},
    Mapping{"aten::constant_pad_nd", pad},
    Mapping{"aten::index_select", index_select},
    Mapping{"aten::gather", gather},

    Mapping{"aten::one_hot", one_hot},
    Mapping{"aten::arange", range},
    Mapping{"aten::new_zeros", zeros},
    Mapping{"aten::new_ones", ones},
    Mapping{"aten::new_full", full},
    Mapping{"aten::zeros_like", zeros},
    Mapping{"aten::ones_like", ones},
    Mapping{"aten::full_like", full_like},
};

}  // namespace

std::span<const Mapping> shape_mappings() { return kMappings; }

}  // namespace sshost::onnx
