#ifndef SSHOST_CONFORM_NETWORK_H
#define SSHOST_CONFORM_NETWORK_H

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "conform/checked_loss.h"
#include "conform/subject.h"
#include "model/backbone.h"
#include "model/head.h"
#include "model/memory.h"
#include "state/execution_context.h"
#include "state/state_store.h"

namespace sshost::conform {

// An image batch, whose features a head or a memory gets.
struct Shape {
  int64_t batch = 2;
  int64_t height = 64;
  int64_t width = 64;
};

// What a component is called with, drawn from a seed.
struct Inputs {
  std::vector<at::Tensor> features;  // of a backbone: the image; of a loss: the logits
  std::vector<at::Tensor> named;     // of a head
  at::Tensor context;                // of a memory
  at::Tensor labels;                 // int64 [N, H, W], some of them ignored

  // All of floating point, in the order of the members.
  std::vector<at::Tensor> tensors() const;
  Inputs to(at::ScalarType dtype) const;
};

// A backbone, a head, a memory or a loss with the state that it has declared, alone. What it gives is checked by the host's own
// adapters, whose Errors name it.
class Network {
 public:
  static constexpr int64_t kClasses = 3;

  // Initial values are drawn from `seed`; 0 leaves them open.
  explicit Network(const Subject& subject, uint64_t seed = 1, at::ScalarType dtype = at::kFloat)
      : Network(*subject.component, subject.config, seed, dtype) {}
  Network(const plugin::Component& component, const config::ComponentConfig& config, uint64_t seed,
          at::ScalarType dtype = at::kFloat);

  Inputs inputs(const Shape& shape = {}, uint64_t seed = 7) const;

  // A context of its own generator; nothing is dropped.
  state::ExecutionContext context(bool training = false);

  // All that it gives for the inputs: feature maps; representation and logits; logits; a loss, divided by 1; with the
  // predictions' logits and losses behind them. In training a memory is updated.
  std::vector<at::Tensor> forward(state::ExecutionContext& context, const Inputs& inputs) const;

  // The same in inference, without gradients, in a context of its own.
  std::vector<at::Tensor> infer(const Inputs& inputs);

  state::StateStore& store() { return store_; }
  const model::Instance& instance() const;  // not of a loss
  const model::Memory* memory() const { return memory_.get(); }

 private:
  std::vector<at::Tensor> run_head(state::ExecutionContext& context, const Inputs& inputs) const;
  std::vector<at::Tensor> run_memory(state::ExecutionContext& context, const Inputs& inputs) const;

  state::StateStore store_;
  std::unique_ptr<model::Backbone> backbone_;
  std::unique_ptr<model::Head> head_;
  std::unique_ptr<model::Memory> memory_;
  std::optional<CheckedLoss> loss_;
};

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_NETWORK_H
