#include "onnx/recorder.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "plugin/at_work.h"

namespace sshost::onnx {
namespace {

using Impl = c10::TensorImpl;
using WeakTensor = c10::weak_intrusive_ptr<Impl, c10::UndefinedTensorImpl>;

// What gives its input's elements: no operator of a graph, whether LibTorch copies or not.
constexpr std::array<std::string_view, 6> kCopies = {"aten::contiguous", "aten::clone",        "aten::detach",
                                                     "aten::alias",      "aten::resolve_conj", "aten::resolve_neg"};

bool is_copy(std::string_view name) { return std::find(kCopies.begin(), kCopies.end(), name) != kCopies.end(); }

std::string full_name(const c10::FunctionSchema& schema) {
  return schema.overload_name().empty() ? schema.name() : schema.name() + "." + schema.overload_name();
}

bool writes(const c10::Argument& argument) {
  return argument.alias_info() != nullptr && argument.alias_info()->isWrite();
}

// "aten::relu_" is "aten::relu".
std::string name_out_of_place(const c10::FunctionSchema& schema) {
  std::string name = schema.name();
  name.pop_back();
  return schema.overload_name().empty() ? name : name + "." + schema.overload_name();
}

class Recorder final : public state::OutputWatch {
 public:
  explicit Recorder(const state::StateStore& store) {
    for (const state::StateEntry& entry : store) names_.emplace(entry.value.unsafeGetTensorImpl(), entry.name);
  }

  Trace run(const at::Tensor& image, const Forward& forward);

  void on_output(const std::string& what, const at::Tensor&) override { last_output_ = {at_work(), what}; }

 private:
  // A call between its begin and its end.
  struct Pending {
    Call call;
    bool in_place = false;
    bool depends_on_image = false;
  };

  static std::unique_ptr<at::ObserverContext> on_begin(const at::RecordFunction& function);
  static void on_end(const at::RecordFunction& function, at::ObserverContext*);

  static std::string at_work() {
    const char* who = plugin::AtWork::on_this_thread();
    return who == nullptr ? "the host" : who;
  }

  std::string caller() const {
    const std::string who = at_work();
    return who == last_output_.first ? who + ", after its " + last_output_.second : who;
  }

  void begin(const at::RecordFunction& function);
  void end(const at::RecordFunction& function);
  ValueId id_of(const at::Tensor& tensor);
  ValueId add(const at::Tensor& tensor, Value value);
  Argument argument_of(const c10::IValue& value);
  bool may_change(const at::Tensor& tensor) const;
  void keep_before_change(const at::Tensor& tensor);
  bool depends_on_image(ValueId id) const { return !trace_.values[id].data.defined(); }

  static thread_local Recorder* current;

  std::unordered_map<const Impl*, std::string> names_;  // of parameters and buffers
  std::unordered_map<const Impl*, ValueId> ids_;
  std::vector<WeakTensor> seen_;  // so that no later tensor has the address of one that is gone
  std::pair<std::string, std::string> last_output_;
  Trace trace_;
  Pending pending_;
  int depth_ = 0;
};

thread_local Recorder* Recorder::current = nullptr;

std::unique_ptr<at::ObserverContext> Recorder::on_begin(const at::RecordFunction& function) {
  if (current != nullptr && current->depth_++ == 0) current->begin(function);
  return nullptr;
}

void Recorder::on_end(const at::RecordFunction& function, at::ObserverContext*) {
  if (current != nullptr && --current->depth_ == 0) current->end(function);
}

Trace Recorder::run(const at::Tensor& image, const Forward& forward) {
  const at::NoGradGuard no_gradient;
  trace_.image = add(image, {.sizes = image.sizes().vec(), .dtype = image.scalar_type()});
  const at::CallbackHandle handle = at::addThreadLocalCallback(at::RecordFunctionCallback(on_begin, on_end)
                                                                   .needsInputs(true)
                                                                   .needsOutputs(true)
                                                                   .scopes({at::RecordScope::FUNCTION}));
  current = this;
  const auto stop = [&](Recorder*) {
    current = nullptr;
    at::removeCallback(handle);
  };
  const std::unique_ptr<Recorder, decltype(stop)> recording(this, stop);
  trace_.output = id_of(forward(image));
  return std::move(trace_);
}

ValueId Recorder::add(const at::Tensor& tensor, Value value) {
  const ValueId id = trace_.values.size();
  trace_.values.push_back(std::move(value));
  ids_[tensor.unsafeGetTensorImpl()] = id;
  seen_.emplace_back(tensor.getIntrusivePtr());
  return id;
}

// A tensor that no recorded operator gave was there before: a parameter, or what a plugin made of its own numbers.
ValueId Recorder::id_of(const at::Tensor& tensor) {
  const Impl* impl = tensor.unsafeGetTensorImpl();
  const auto found = ids_.find(impl);
  if (found != ids_.end()) return found->second;
  const auto name = names_.find(impl);
  return add(tensor, {.sizes = tensor.sizes().vec(),
                      .dtype = tensor.scalar_type(),
                      .data = tensor,
                      .name = name == names_.end() ? std::string() : name->second});
}

Argument Recorder::argument_of(const c10::IValue& value) {
  if (value.isNone() || value.isDevice()) return std::monostate();
  if (value.isTensor()) return value.toTensor().defined() ? Argument(id_of(value.toTensor())) : std::monostate();
  if (value.isBool()) return value.toBool();
  if (value.isInt()) return value.toInt();
  if (value.isDouble()) return value.toDouble();
  if (value.isString()) return value.toStringRef();
  if (value.isIntList()) return value.toIntVector();
  if (value.isDoubleList()) return value.toDoubleVector();
  if (!value.isTensorList() && !value.isOptionalTensorList()) return Unknown();
  std::vector<std::optional<ValueId>> tensors;
  for (const c10::IValue& element : value.toListRef()) {
    const bool is_there = element.isTensor() && element.toTensor().defined();
    tensors.push_back(is_there ? std::optional(id_of(element.toTensor())) : std::nullopt);
  }
  return tensors;
}

// Nothing else that was seen and is still there has its elements.
bool Recorder::may_change(const at::Tensor& tensor) const {
  for (const WeakTensor& weak : seen_) {
    const auto other = weak.lock();
    if (!other || other.get() == tensor.unsafeGetTensorImpl() || !other->has_storage()) continue;
    if (other->unsafe_storage().is_alias_of(tensor.storage())) return false;
  }
  return true;
}

// A constant that is written to was another one until now.
void Recorder::keep_before_change(const at::Tensor& tensor) {
  Value& value = trace_.values[id_of(tensor)];
  if (value.data.defined()) value.data = value.data.clone();
}

void Recorder::begin(const at::RecordFunction& function) {
  pending_ = {};
  const std::optional<c10::FunctionSchema> known = function.operator_schema();
  if (!known) return;  // no operator, but a mark of somebody's
  const c10::FunctionSchema& schema = *known;
  pending_ = {{full_name(schema), {}, {}, caller()}, false, false};
  const c10::ArrayRef<const c10::IValue> inputs = function.inputs();
  const auto writing = std::find_if(schema.arguments().begin(), schema.arguments().end(), writes);
  const bool is_first = writing == schema.arguments().begin() && schema.name().back() == '_';
  pending_.in_place = writing != schema.arguments().end() && is_first && may_change(inputs[0].toTensor());
  if (writing != schema.arguments().end() && !pending_.in_place) trace_.hidden_writes.push_back(pending_.call);
  if (pending_.in_place) {
    pending_.call.name = name_out_of_place(schema);
    keep_before_change(inputs[0].toTensor());
  }
  for (const c10::IValue& input : inputs) {
    Argument& argument = pending_.call.arguments.emplace_back(argument_of(input));
    if (const auto* id = std::get_if<ValueId>(&argument)) pending_.depends_on_image |= depends_on_image(*id);
    const auto* list = std::get_if<std::vector<std::optional<ValueId>>>(&argument);
    if (list == nullptr) continue;
    for (const auto& id : *list) pending_.depends_on_image |= id && depends_on_image(*id);
  }
}

void Recorder::end(const at::RecordFunction& function) {
  std::vector<at::Tensor> results;
  for (const c10::IValue& output : function.outputs()) {
    if (output.isTensor()) results.push_back(output.toTensor());
    if (!output.isTensorList()) continue;
    for (const c10::IValue& element : output.toListRef()) results.push_back(element.toTensor());
  }
  if (pending_.call.name.empty() || results.empty() || !results.front().defined()) return;
  if (is_copy(pending_.call.name)) {
    const ValueId source = std::get<ValueId>(pending_.call.arguments.at(0));
    if (!ids_.contains(results[0].unsafeGetTensorImpl())) seen_.emplace_back(results[0].getIntrusivePtr());
    ids_[results[0].unsafeGetTensorImpl()] = source;
    return;
  }
  if (!pending_.in_place && results.size() == 1 && ids_.contains(results[0].unsafeGetTensorImpl()) &&
      !pending_.call.name.ends_with("_")) {
    return;  // it gave its input
  }
  for (const at::Tensor& result : results) {
    pending_.call.results.push_back(add(result, {.sizes = result.sizes().vec(),
                                                 .dtype = result.scalar_type(),
                                                 .data = pending_.depends_on_image ? at::Tensor() : result,
                                                 .call = trace_.calls.size()}));
  }
  trace_.calls.push_back(std::move(pending_.call));
}

class Watching {
 public:
  Watching(state::ExecutionContext& context, state::OutputWatch& watch)
      : context_(context), before_(std::exchange(context.watch, &watch)) {}
  ~Watching() { context_.watch = before_; }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  state::ExecutionContext& context_;
  state::OutputWatch* before_;
};

}  // namespace

Trace record(state::ExecutionContext& context, const at::Tensor& image, const Forward& forward) {
  Recorder recorder(*context.store);
  const Watching watching(context, recorder);
  return recorder.run(image, forward);
}

}  // namespace sshost::onnx
