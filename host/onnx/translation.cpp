#include "onnx/translation.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "onnx/data_type.h"
#include "onnx/mapping.h"

namespace sshost::onnx {
namespace {

using Tensors = std::vector<std::optional<ValueId>>;

template <typename Use>
void for_each_tensor(const Call& call, Use&& use) {
  for (const Argument& argument : call.arguments) {
    if (const auto* id = std::get_if<ValueId>(&argument)) use(*id);
    const auto* list = std::get_if<Tensors>(&argument);
    if (list == nullptr) continue;
    for (const auto& each : *list) {
      if (each) use(*each);
    }
  }
}

// "head psp (/plugins/psp.so), after its ..." is in the scope "head".
std::string scope_of(const std::string& caller) {
  if (caller.starts_with("the host")) return "host";
  return caller.substr(0, caller.find(' '));
}

std::string lines_of(const std::set<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += "\n  " + problem;
  return text;
}

}  // namespace

Translation::Translation(const Recording& recording, Graph& graph) : recording_(recording), graph_(graph) {
  size_t values = 0;
  for (const Step& step : recording.steps()) {
    for (const ValueId id : step.call.results) values = std::max(values, id + 1);
    for_each_tensor(step.call, [&](ValueId id) { values = std::max(values, id + 1); });
  }
  names_.resize(std::max(values, recording.image() + 1));
  users_.resize(names_.size());
  names_[recording.image()] = graph.input().name;
  needed_.resize(recording.steps().size());
  done_.resize(recording.steps().size());
  find_needed();
}

void Translation::find_needed() {
  std::vector<bool> wanted(names_.size());
  wanted.at(recording_.output()) = true;
  for (size_t index = recording_.steps().size(); index-- > 0;) {
    const Call& call = recording_.steps()[index].call;
    needed_[index] = std::any_of(call.results.begin(), call.results.end(),
                                 [&](ValueId id) { return wanted[id] && !recording_.is_constant(id); });
    if (!needed_[index]) continue;
    for_each_tensor(call, [&](ValueId id) {
      wanted[id] = true;
      users_[id].push_back(index);
    });
  }
}

void Translation::run() {
  std::set<std::string> problems;
  for (const Call& call : recording_.hidden_writes()) {
    problems.insert(call.name + ", called by " + call.caller + ": it writes to elements that other tensors share");
  }
  const std::vector<Step>& steps = recording_.steps();
  for (size_t index = 0; index < steps.size(); ++index) {
    if (needed_[index] && find_mapping(steps[index].call.name) == nullptr) {
      problems.insert(steps[index].call.name + ", called by " + steps[index].call.caller + ": it has no mapping");
    }
  }
  step_ = nullptr;
  for (const auto& dimension : recording_.sizes(recording_.image())) {
    const auto axis = static_cast<int64_t>(known_.size());
    known_.push_back({graph_.input().name, axis, dimension});
  }
  for (size_t index = 0; index < steps.size(); ++index) {
    if (!needed_[index] || done_[index]) continue;
    try {
      translate(index);
    } catch (const Untranslatable& error) {
      problems.insert(steps[index].call.name + ", called by " + steps[index].call.caller + ": " + error.what());
    } catch (const NotAlike& error) {
      problems.insert(steps[index].call.name + ", called by " + steps[index].call.caller + ": " + error.what());
    }
    for (const ValueId id : steps[index].call.results) {
      if (names_[id].empty()) names_[id] = "missing";  // to find what else is wrong
    }
  }
  if (problems.empty()) return;
  throw Error("the model cannot be written as ONNX; what it calls and ONNX has no counterpart for here:" +
              lines_of(problems) + "\ndocs/onnx.md lists the operators that have one");
}

void Translation::translate(size_t index) {
  step_ = &recording_.steps()[index];
  done_[index] = true;
  const Mapping* mapping = find_mapping(step_->call.name);
  if (mapping == nullptr) return;
  graph_.set_scope(scope_of(step_->call.caller));
  mapping->translate(*this, mapping->word);
  learn_sizes(*step_);
}

// Sizes that differ from one forward to the next can stand for others that do. Each is asked of one tensor.
void Translation::learn_sizes(const Step& step) {
  for (const ValueId id : step.call.results) {
    if (names_[id].empty()) continue;
    const std::vector<Numbers> all = recording_.sizes(id);
    for (size_t axis = 0; axis < all.size(); ++axis) {
      const bool is_known = is_constant(all[axis]) || std::any_of(known_.begin(), known_.end(), [&](const auto& known) {
                              return known.numbers == all[axis];
                            });
      if (!is_known) known_.push_back({names_[id], static_cast<int64_t>(axis), all[axis]});
    }
  }
}

const Argument& Translation::argument(size_t index) const {
  static const Argument absent;
  return index < step_->call.arguments.size() ? step_->call.arguments[index] : absent;
}

void Translation::refuse(const std::string& why) const { throw Untranslatable(why); }

bool Translation::has(size_t index) const { return !std::holds_alternative<std::monostate>(argument(index)); }

bool Translation::is_tensor(size_t index) const { return std::holds_alternative<ValueId>(argument(index)); }

ValueId Translation::id(size_t index) const {
  if (!is_tensor(index)) refuse("argument " + std::to_string(index) + " is no tensor");
  return std::get<ValueId>(argument(index));
}

std::string Translation::name_of(ValueId id) {
  if (recording_.is_constant(id)) return graph_.constant(recording_.data(id), recording_.value(id).name);
  return names_.at(id);
}

std::string Translation::tensor(size_t index) { return name_of(id(index)); }

Names Translation::tensors(size_t index) {
  const auto* list = std::get_if<Tensors>(&argument(index));
  if (list == nullptr) refuse("argument " + std::to_string(index) + " is no list of tensors");
  Names names;
  for (const auto& each : *list) names.push_back(each ? name_of(*each) : std::string());
  return names;
}

Numbers Translation::number(size_t index) const {
  Numbers numbers;
  for (const std::vector<Argument>& arguments : step_->arguments) {
    const auto* value = index < arguments.size() ? std::get_if<int64_t>(&arguments[index]) : nullptr;
    if (value == nullptr) refuse("argument " + std::to_string(index) + " is no integer");
    numbers.push_back(*value);
  }
  return numbers;
}

std::vector<Numbers> Translation::numbers(size_t index) const {
  std::vector<Numbers> all;
  for (const std::vector<Argument>& arguments : step_->arguments) {
    const auto* list = index < arguments.size() ? std::get_if<std::vector<int64_t>>(&arguments[index]) : nullptr;
    if (list == nullptr) refuse("argument " + std::to_string(index) + " is no list of integers");
    all.resize(list->size());
    for (size_t i = 0; i < list->size(); ++i) all[i].push_back((*list)[i]);
  }
  return all;
}

int64_t Translation::integer(size_t index) const {
  const Numbers all = number(index);
  if (!is_constant(all)) throw UnknownSize(step_->call.name + " depends on the image's size");
  return all.front();
}

int64_t Translation::axis(size_t index) const {
  const int64_t value = integer(index);
  return value < 0 ? value + static_cast<int64_t>(rank(0)) : value;
}

std::vector<int64_t> Translation::integers(size_t index) const {
  std::vector<int64_t> values;
  if (!has(index)) return values;
  for (const Numbers& all : numbers(index)) {
    if (!is_constant(all)) throw UnknownSize(step_->call.name + " depends on the image's size");
    values.push_back(all.front());
  }
  return values;
}

std::vector<int64_t> Translation::pair(size_t index) const {
  std::vector<int64_t> values = integers(index);
  if (values.size() == 1) values.push_back(values.front());
  if (values.size() != 2) refuse("argument " + std::to_string(index) + " is no pair of integers");
  return values;
}

double Translation::real(size_t index) const {
  if (const auto* value = std::get_if<double>(&argument(index))) return *value;
  if (const auto* flag = std::get_if<bool>(&argument(index))) return *flag ? 1 : 0;
  return static_cast<double>(integer(index));
}

bool Translation::flag(size_t index) const {
  const auto* value = std::get_if<bool>(&argument(index));
  return value != nullptr && *value;
}

std::string Translation::text(size_t index) const {
  const auto* value = std::get_if<std::string>(&argument(index));
  return value == nullptr ? std::string() : *value;
}

size_t Translation::rank(size_t index) const { return recording_.value(id(index)).sizes.size(); }
at::ScalarType Translation::dtype(size_t index) const { return recording_.value(id(index)).dtype; }
std::vector<Numbers> Translation::sizes(size_t index) const { return recording_.sizes(id(index)); }

at::Tensor Translation::constant(size_t index) const {
  return recording_.is_constant(id(index)) ? recording_.data(id(index)) : at::Tensor();
}

std::string Translation::name_of_constant(size_t index) const { return recording_.value(id(index)).name; }

std::vector<Numbers> Translation::result_sizes(size_t result) const {
  return recording_.sizes(step_->call.results.at(result));
}

at::ScalarType Translation::result_dtype() const { return recording_.value(step_->call.results.at(0)).dtype; }

void Translation::give(const std::string& name, size_t result) { names_[step_->call.results.at(result)] = name; }

std::optional<Affine> Translation::take_following_norm() {
  const std::vector<size_t>& users = users_[step_->call.results.at(0)];
  if (users.size() != 1 || step_->call.results[0] == recording_.output()) return std::nullopt;
  const Step& norm = recording_.steps()[users.front()];
  if (norm.call.name != "aten::batch_norm") return std::nullopt;
  std::vector<at::Tensor> parts;  // weight, bias, mean, variance
  for (size_t index = 1; index <= 4; ++index) {
    const auto* part = std::get_if<ValueId>(&norm.call.arguments.at(index));
    if (part == nullptr || !recording_.is_constant(*part)) return std::nullopt;
    parts.push_back(recording_.data(*part).to(at::kDouble));
  }
  done_[users.front()] = true;
  const at::Tensor scale = parts[0] / (parts[3] + std::get<double>(norm.call.arguments.at(7))).sqrt();
  step_ = &norm;  // whose result is given from here on
  return Affine{scale, parts[1] - parts[2] * scale};
}

std::string Translation::node(const std::string& op, Names inputs, Attributes attributes) {
  return graph_.add(op, std::move(inputs), std::move(attributes)).front();
}

std::string Translation::cast(const std::string& name, at::ScalarType from, at::ScalarType to) {
  return from == to ? name : node("Cast", {name}, {{"to", data_type_of(to)}});
}

std::string Translation::operand(size_t index, at::ScalarType dtype) {
  if (is_tensor(index)) return cast(tensor(index), this->dtype(index), dtype);
  const auto* value = std::get_if<int64_t>(&argument(index));
  if (value == nullptr || is_constant(number(index))) return graph_.scalar(real(index), dtype);
  return cast(node("Squeeze", {size(number(index))}), at::kLong, dtype);
}

// A step's own sizes come first: what it does along an axis is mostly a matter of that axis.
std::vector<KnownSize> Translation::known_sizes() const {
  std::vector<KnownSize> all;
  for_each_tensor(step_->call, [&](ValueId id) {
    if (recording_.is_constant(id) || names_[id].empty()) return;
    const std::vector<Numbers> sizes = recording_.sizes(id);
    for (size_t axis = 0; axis < sizes.size(); ++axis) {
      if (is_constant(sizes[axis])) continue;
      // Asked of the tensor that had it first, so that the graph asks once.
      const auto first =
          std::find_if(known_.begin(), known_.end(), [&](const auto& known) { return known.numbers == sizes[axis]; });
      all.push_back(first == known_.end() ? KnownSize{names_[id], static_cast<int64_t>(axis), sizes[axis]} : *first);
    }
  });
  all.insert(all.end(), known_.begin(), known_.end());
  return all;
}

std::string Translation::size(const Numbers& numbers) {
  if (is_constant(numbers)) return graph_.integers({numbers.front()});
  const std::vector<KnownSize> known = known_sizes();
  const std::optional<SizeExpression> found = find_expression(numbers, known);
  if (found) return emit(*found);
  throw UnknownSize("a size that " + step_->call.name + ", called by " + step_->call.caller +
                    ", is given is no simple function of sizes before it (" + c10::str(numbers) + ")");
}

std::string Translation::emit(const SizeExpression& expression) {
  const auto of = [&](const KnownSize& size) {
    return node("Shape", {size.tensor}, {{"start", size.axis}, {"end", size.axis + 1}});
  };
  const auto apply = [&](const char* op, const std::string& to, int64_t number, int64_t neutral) {
    return number == neutral ? to : node(op, {to, graph_.integers({number})});
  };
  std::string result = of(*expression.first);
  if (expression.second != nullptr) result = node("Mul", {result, of(*expression.second)});
  result = apply("Mul", result, expression.scale, 1);
  result = apply("Add", result, expression.offset, 0);
  result = apply("Div", result, expression.divisor, 1);  // sizes are not negative, so rounding to 0 is rounding down
  result = apply("Mul", result, expression.factor, 1);
  result = apply("Add", result, expression.shift, 0);
  return expression.less_first ? node("Sub", {result, of(*expression.first)}) : result;
}

std::string Translation::sizes(const std::vector<Numbers>& sizes) {
  Names parts;
  std::vector<int64_t> constants;
  const auto end_constants = [&] {
    if (!constants.empty()) parts.push_back(graph_.integers(constants));
    constants.clear();
  };
  for (const Numbers& numbers : sizes) {
    if (is_constant(numbers)) {
      constants.push_back(numbers.front());
      continue;
    }
    end_constants();
    parts.push_back(size(numbers));
  }
  end_constants();
  if (parts.empty()) return graph_.integers({});
  return parts.size() == 1 ? parts.front() : node("Concat", parts, {{"axis", int64_t{0}}});
}

// In ONNX's Reshape 0 is the input's size of that axis, and one size may be -1, what is left.
std::string Translation::reshaped(const std::string& name) {
  const std::vector<Numbers> from = sizes(0);
  std::vector<Numbers> to = result_sizes();
  const size_t forwards = recording_.forwards();
  std::vector<size_t> open;
  for (size_t axis = 0; axis < to.size(); ++axis) {
    if (is_constant(to[axis])) continue;
    if (axis < from.size() && from[axis] == to[axis]) {
      to[axis] = Numbers(forwards, 0);
    } else {
      open.push_back(axis);
    }
  }
  if (!open.empty()) {
    const std::vector<KnownSize> known = known_sizes();
    auto left = std::find_if(open.begin(), open.end(), [&](size_t axis) { return !find_expression(to[axis], known); });
    if (left == open.end()) left = open.begin();
    to[*left] = Numbers(forwards, -1);
  }
  return node("Reshape", {name, sizes(to)});
}

}  // namespace sshost::onnx
