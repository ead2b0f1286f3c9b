#ifndef SSHOST_MODEL_MEMORY_H
#define SSHOST_MODEL_MEMORY_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/memory.h>

#include <vector>

#include "model/backbone.h"
#include "model/prediction.h"

namespace sshost::model {

// A memory plugin's state of one forward, which may be null. Move-only; it ends before its Memory does.
class MemoryState {
 public:
  MemoryState(const ss_memory_table* table, void* self, void* state) : table_(table), self_(self), state_(state) {}
  ~MemoryState();
  MemoryState(MemoryState&& other) noexcept;
  MemoryState& operator=(MemoryState&& other) noexcept;
  void* get() const { return state_; }

 private:
  const ss_memory_table* table_;
  void* self_;
  void* state_;
};

struct MemorySpec {
  FeatureSpecs features;
  int64_t context_channels = 0;  // 0: the model has no head
  int64_t classes = 0;
};

// What a memory's forward sees. Undefined: `context` without a head, `labels` in inference, `previous_logits` in
// training and in a first pass.
struct MemoryInputs {
  std::vector<at::Tensor> features;
  at::Tensor context;
  at::Tensor labels;
  at::Tensor previous_logits;
};

struct MemoryOutput {
  at::Tensor logits;  // [N, classes, h, w]
  MemoryState state;
};

// A memory plugin. Checks what it returns. The order of the calls in a training step is memory.h's of the ABI.
// Threads: `forward` on several at once, each with its own context; the others one at a time.
class Memory {
 public:
  Memory(const config::ComponentConfig& config, const plugin::Component& component, const MemorySpec& spec,
         state::Builder& builder);

  MemoryOutput forward(state::ExecutionContext& context, const MemoryInputs& inputs,
                       std::vector<Prediction>& predictions) const;

  // Without a gradient.
  std::vector<at::Tensor> statistics(state::ExecutionContext& context, const MemoryState& state,
                                     const at::Tensor& labels) const;
  void apply(state::ExecutionContext& context, const std::vector<at::Tensor>& statistics) const;

  // Further predictions, appended.
  void after_update(state::ExecutionContext& context, const MemoryState& state,
                    std::vector<Prediction>& predictions) const;

  const Instance& instance() const { return instance_; }

 private:
  const ss_memory_table* table_;
  int64_t classes_;
  Instance instance_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_MEMORY_H
