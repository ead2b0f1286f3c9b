#ifndef SSHOST_STATE_EXECUTION_CONTEXT_H
#define SSHOST_STATE_EXECUTION_CONTEXT_H

#include <ATen/ThreadLocalState.h>
#include <ATen/core/Generator.h>
#include <sshost/abi/context.h>

#include <cstdint>
#include <optional>

#include "state/conv_watch.h"
#include "state/output_watch.h"
#include "state/precision.h"
#include "state/prepared.h"
#include "state/ranks.h"
#include "state/state_store.h"

// What an ss_context of the ABI points to.
struct ss_context_object {};

namespace sshost::state {

// All that a forward may know or change: the component instances themselves are immutable.
// One context serves one forward at a time, on one thread; forwards on several threads each have their own, and may
// share a store in inference. Made anew for each step, or changed between steps.
struct ExecutionContext : ss_context_object {
  // `state_store` and the tensors in it, and `ranks` where they are set, outlive the context. `random` is drawn from by
  // dropout and by plugins.
  ExecutionContext(StateStore& state_store, at::Generator random)
      : store(&state_store), generator(std::move(random)), dtype(state_store.dtype()), device(state_store.device()) {}

  StateStore* store;
  at::Generator generator;
  at::ScalarType dtype;  // of activations
  at::Device device;

  bool training = false;
  // A forward that is run again for its backward: buffers (running statistics, memories) are left as they are.
  bool recomputing = false;
  // Dropout and drop path; a training that is compared with another one does without.
  bool drops = true;
  int64_t epoch = 0;  // from 1 on; 0 where nothing is trained
  int64_t step = 0;   // optimiser steps done so far
  double learning_rate = 0;
  double base_learning_rate = 0;
  // Those whose batches make up the step, over which losses, the memory's statistics and batch norm count.
  const Ranks* ranks = &kAlone;
  bool synchronises_norms = true;  // false: batch norm sees the values of this process alone
  bool averages_memories = false;  // memories are updated by each rank for itself and then averaged, as published
  OutputWatch* watch = nullptr;    // told of what is computed, one after the other; null: nobody is
  int64_t image_height = 0;        // of the network's input; the segmentor sets them
  int64_t image_width = 0;

  // Where layers keep what they have made of their parameters to run faster; null: they run as in training.
  Prepared* prepared = nullptr;
  Precision precision = Precision::kFloat32;  // of what is prepared
  ConvWatch* conv_watch = nullptr;            // null: nobody is told

  const at::Tensor& value(StateId id) const { return store->value(id); }
  bool norms_over_ranks() const { return training && synchronises_norms && !ranks->alone(); }
  bool updates_buffers() const { return training && !recomputing; }

  // Remembers how this thread works (gradient mode, precision, device), so that another thread of a plugin can enter
  // the context. Called before each call of a component.
  void bind_to_this_thread() { thread_state.emplace(); }
  std::optional<at::ThreadLocalState> thread_state;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_EXECUTION_CONTEXT_H
