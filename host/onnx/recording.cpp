#include "onnx/recording.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>

#include <algorithm>
#include <string_view>
#include <utility>

// Note [Sizes]
// A plugin asks for sizes and computes with them in its own code, out of sight: what an operator is given are numbers.
// So the forward is recorded several times, with images of different sizes. A number that is the same in all of them is
// the model's; one that differs is a function of sizes of tensors before it, which is looked for (size_expression.h)
// and has to hold in every one of them. Sizes that are no multiples of anything come first, since then nothing that a
// model does for such sizes alone (padding to whole windows) is missing; others follow, where some of it is.

namespace sshost::onnx {
namespace {

using Tensors = std::vector<std::optional<ValueId>>;

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_reshaping(std::string_view name) {
  return is_any(name, {"aten::reshape", "aten::view", "aten::flatten.using_ints", "aten::expand"});
}

std::string position(const Step& step) { return step.call.name + ", called by " + step.call.caller; }

// The arguments with which an operator gives its input of these sizes; false where it always computes something.
bool make_identity(std::string_view name, const std::vector<int64_t>& sizes, std::vector<Argument>& arguments) {
  const auto size_at = [&](const Argument& axis) {
    const int64_t number = std::get<int64_t>(axis);
    return sizes.at(static_cast<size_t>(number < 0 ? number + static_cast<int64_t>(sizes.size()) : number));
  };
  if (name == "aten::constant_pad_nd") {
    auto& amounts = std::get<std::vector<int64_t>>(arguments[1]);
    std::fill(amounts.begin(), amounts.end(), 0);
  } else if (name == "aten::narrow") {
    arguments[2] = int64_t{0};
    arguments[3] = size_at(arguments[1]);
  } else if (is_any(name, {"aten::upsample_bilinear2d", "aten::upsample_nearest2d", "aten::upsample_bicubic2d"})) {
    arguments[1] = std::vector<int64_t>{sizes.at(2), sizes.at(3)};
  } else if (!is_reshaping(name)) {
    return false;
  }
  return true;
}

}  // namespace

bool is_constant(const Numbers& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [&](int64_t number) { return number == numbers.front(); });
}

Recording::Recording(std::vector<Trace> traces) : traces_(std::move(traces)) {
  for (const Call& call : traces_[0].calls) steps_.push_back({call, {call.arguments}});
  ids_.resize(traces_.size());
  const size_t count = traces_[0].values.size();
  for (size_t id = 0; id < count; ++id) ids_[0].push_back(static_cast<ptrdiff_t>(id));
  for (size_t forward = 1; forward < traces_.size(); ++forward) lay_over(forward);
  find_constants();
}

Numbers Recording::size(ValueId id, size_t axis) const {
  Numbers numbers;
  for (size_t forward = 0; forward < traces_.size(); ++forward) {
    const ptrdiff_t its = ids_[forward][id];  // -1: a constant of a step that this trace leaves out
    const Value& of = its < 0 ? value(id) : traces_[forward].values[static_cast<size_t>(its)];
    numbers.push_back(of.sizes.at(axis));
  }
  return numbers;
}

std::vector<Numbers> Recording::sizes(ValueId id) const {
  std::vector<Numbers> all;
  for (size_t axis = 0; axis < value(id).sizes.size(); ++axis) all.push_back(size(id, axis));
  return all;
}

const at::Tensor& Recording::data(ValueId id) const {
  const at::Tensor& data = value(id).data;
  for (size_t forward = 1; forward < traces_.size(); ++forward) {
    const ptrdiff_t its = ids_[forward][id];
    if (its < 0) continue;
    const at::Tensor& other = traces_[forward].values[static_cast<size_t>(its)].data;
    if (other.is_same(data)) continue;
    if (other.sizes() == data.sizes() && other.scalar_type() == data.scalar_type() && at::equal(other, data)) continue;
    throw NotAlike("a tensor " + c10::str(data.sizes()) +
                   " that is no operator's result differs from one forward to the next");
  }
  return data;
}

// Whether the trace's tensor may stand for the first one's `id`, which it does from now on.
bool Recording::bind(size_t forward, ValueId id, ValueId its) {
  ptrdiff_t& known = ids_[forward][id];
  if (known >= 0) return known == static_cast<ptrdiff_t>(its);
  const Value& own = traces_[0].values[id];
  const Value& other = traces_[forward].values[its];
  const bool were_there = !own.call && !other.call && own.data.defined() && other.data.defined();
  if (!were_there || own.dtype != other.dtype || own.name != other.name) return false;
  known = static_cast<ptrdiff_t>(its);
  return true;
}

bool Recording::match_argument(size_t forward, const Argument& argument, const Argument& its) {
  if (argument.index() != its.index()) return false;
  if (const auto* id = std::get_if<ValueId>(&argument)) return bind(forward, *id, std::get<ValueId>(its));
  if (const auto* list = std::get_if<Tensors>(&argument)) {
    const auto& other = std::get<Tensors>(its);
    if (list->size() != other.size()) return false;
    for (size_t i = 0; i < list->size(); ++i) {
      if ((*list)[i].has_value() != other[i].has_value()) return false;
      if ((*list)[i] && !bind(forward, *(*list)[i], *other[i])) return false;
    }
    return true;
  }
  if (const auto* flag = std::get_if<bool>(&argument)) return *flag == std::get<bool>(its);
  if (const auto* real = std::get_if<double>(&argument)) return *real == std::get<double>(its);
  if (const auto* text = std::get_if<std::string>(&argument)) return *text == std::get<std::string>(its);
  if (const auto* reals = std::get_if<std::vector<double>>(&argument)) {
    return *reals == std::get<std::vector<double>>(its);
  }
  const auto* integers = std::get_if<std::vector<int64_t>>(&argument);
  return integers == nullptr || integers->size() == std::get<std::vector<int64_t>>(its).size();
}

bool Recording::match(size_t forward, const Step& step, const Call& call) {
  if (step.call.name != call.name || step.call.arguments.size() != call.arguments.size() ||
      step.call.results.size() != call.results.size()) {
    return false;
  }
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (!match_argument(forward, step.call.arguments[i], call.arguments[i])) return false;
  }
  for (size_t i = 0; i < call.results.size(); ++i) {
    if (traces_[0].values[step.call.results[i]].sizes.size() != traces_[forward].values[call.results[i]].sizes.size()) {
      return false;
    }
  }
  return true;
}

// A step that a trace leaves out: its result is its input there.
bool Recording::skip(size_t forward, Step& step) {
  if (step.call.results.size() != 1 || step.call.arguments.empty()) return false;
  const auto* input = std::get_if<ValueId>(&step.call.arguments[0]);
  if (input == nullptr || ids_[forward][*input] < 0) return false;
  const auto its = static_cast<size_t>(ids_[forward][*input]);
  const std::vector<int64_t>& sizes = traces_[forward].values[its].sizes;
  if (sizes.size() != traces_[0].values[step.call.results[0]].sizes.size()) return false;
  std::vector<Argument> arguments = step.call.arguments;
  if (!make_identity(step.call.name, sizes, arguments)) return false;
  step.arguments.push_back(std::move(arguments));
  ids_[forward][step.call.results[0]] = static_cast<ptrdiff_t>(its);
  return true;
}

void Recording::lay_over(size_t forward) {
  const Trace& trace = traces_[forward];
  ids_[forward].assign(traces_[0].values.size(), -1);
  ids_[forward][traces_[0].image] = static_cast<ptrdiff_t>(trace.image);
  size_t next = 0;
  for (Step& step : steps_) {
    if (next < trace.calls.size() && match(forward, step, trace.calls[next])) {
      const Call& call = trace.calls[next++];
      step.arguments.push_back(call.arguments);
      for (size_t i = 0; i < call.results.size(); ++i) {
        ids_[forward][step.call.results[i]] = static_cast<ptrdiff_t>(call.results[i]);
      }
    } else if (!skip(forward, step)) {
      throw NotAlike("what the model does changes with the image's size at " + position(step));
    }
  }
  if (next != trace.calls.size()) {
    throw NotAlike("what the model does changes with the image's size at " + trace.calls[next].name + ", called by " +
                   trace.calls[next].caller);
  }
  if (ids_[forward][output()] != static_cast<ptrdiff_t>(trace.output)) {
    throw NotAlike("which operator gives the model's result changes with the image's size");
  }
}

bool Recording::is_constant_step(const Step& step) const {
  for (size_t i = 0; i < step.call.arguments.size(); ++i) {
    const Argument& first = step.call.arguments[i];
    if (const auto* id = std::get_if<ValueId>(&first); id != nullptr && !constant_[*id]) return false;
    if (const auto* list = std::get_if<Tensors>(&first)) {
      if (std::any_of(list->begin(), list->end(), [&](const auto& id) { return id && !constant_[*id]; })) return false;
      continue;
    }
    for (const std::vector<Argument>& arguments : step.arguments) {
      if (std::holds_alternative<int64_t>(first) && std::get<int64_t>(first) != std::get<int64_t>(arguments[i])) {
        return false;
      }
      if (std::holds_alternative<std::vector<int64_t>>(first) &&
          std::get<std::vector<int64_t>>(first) != std::get<std::vector<int64_t>>(arguments[i])) {
        return false;
      }
    }
  }
  return true;
}

void Recording::find_constants() {
  for (const Value& value : traces_[0].values) constant_.push_back(!value.call && value.data.defined());
  for (const Step& step : steps_) {
    const bool is_constant = is_constant_step(step);
    for (const ValueId id : step.call.results) constant_[id] = is_constant;
  }
}

}  // namespace sshost::onnx
