#include "model/memory.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "bridge/handle.h"
#include "model/check.h"
#include "state/handles.h"

namespace sshost::model {
namespace {

ss_memory_spec to_abi(const MemorySpec& spec) {
  return {.size = sizeof(ss_memory_spec),
          .feature_count = static_cast<uint32_t>(spec.features.size()),
          .features = spec.features.data(),
          .context_channels = spec.context_channels,
          .classes = spec.classes};
}

}  // namespace

MemoryState::MemoryState(MemoryState&& other) noexcept
    : table_(other.table_), self_(other.self_), state_(std::exchange(other.state_, nullptr)) {}

MemoryState& MemoryState::operator=(MemoryState&& other) noexcept {
  std::swap(table_, other.table_);
  std::swap(self_, other.self_);
  std::swap(state_, other.state_);
  return *this;
}

MemoryState::~MemoryState() {
  if (state_ != nullptr) table_->release(self_, state_);
}

Memory::Memory(const config::ComponentConfig& config, const plugin::Component& component, const MemorySpec& spec,
               state::Builder& builder)
    : table_(component.table<ss_memory_table>()),
      classes_(spec.classes),
      instance_(
          component, "memory", builder,
          [&](ss_builder target, void** self) {
            const ss_memory_spec abi = to_abi(spec);
            return table_->create(target, config.options.get(), &abi, self);
          },
          table_->destroy) {}

MemoryOutput Memory::forward(state::ExecutionContext& context, const MemoryInputs& inputs,
                             std::vector<Prediction>& predictions) const {
  const plugin::AtWork at_work(instance_.who());  // also while its results are looked at, which may be no handles
  const state::LentHandles features(inputs.features);
  const state::LentHandles others({inputs.context, inputs.labels, inputs.previous_logits});
  const ss_memory_inputs abi = {.size = sizeof abi,
                                .feature_count = features.size(),
                                .features = features.data(),
                                .context = others[0],
                                .labels = others[1],
                                .previous_logits = others[2]};
  PredictionSink sink;
  void* state = nullptr;
  ss_tensor handle = nullptr;
  context.bind_to_this_thread();
  instance_.call([&] { return table_->forward(instance_.self(), &context, &abi, sink.abi(), &state, &handle); });
  MemoryOutput output = {instance_.take(handle), MemoryState(table_, instance_.self(), state)};
  require_map(instance_, "the logits", output.logits, inputs.features.front().size(0), classes_);
  require_unchanged(instance_, "the features", features);
  require_unchanged(instance_, "the context, the labels and the previous logits", others);
  sink.move_to(predictions, instance_, classes_);
  return output;
}

std::vector<at::Tensor> Memory::statistics(state::ExecutionContext& context, const MemoryState& state,
                                           const at::Tensor& labels) const {
  const plugin::AtWork at_work(instance_.who());
  const at::NoGradGuard no_gradient;
  const state::LentHandles lent({labels});
  context.bind_to_this_thread();
  std::vector<at::Tensor> statistics =
      state::take_all(read_list<ss_tensor>(instance_, "the list of statistics", [&](ss_tensor* out, uint32_t* count) {
        return table_->statistics(instance_.self(), &context, state.get(), lent[0], out, count);
      }));
  for (std::size_t index = 0; index < statistics.size(); ++index) {
    if (statistics[index].defined()) continue;
    instance_.broken("statistics tensor " + std::to_string(index), "a tensor", "NULL");
  }
  require_unchanged(instance_, "the labels", lent);
  return statistics;
}

void Memory::apply(state::ExecutionContext& context, const std::vector<at::Tensor>& statistics) const {
  const at::NoGradGuard no_gradient;
  const state::LentHandles lent(statistics);
  context.bind_to_this_thread();
  instance_.call([&] { return table_->apply(instance_.self(), &context, lent.data(), lent.size()); });
}

void Memory::after_update(state::ExecutionContext& context, const MemoryState& state,
                          std::vector<Prediction>& predictions) const {
  PredictionSink sink;
  const plugin::AtWork at_work(instance_.who());
  context.bind_to_this_thread();
  instance_.call([&] { return table_->after_update(instance_.self(), &context, state.get(), sink.abi()); });
  sink.move_to(predictions, instance_, classes_);
}

}  // namespace sshost::model
