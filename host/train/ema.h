#ifndef SSHOST_TRAIN_EMA_H
#define SSHOST_TRAIN_EMA_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "config/pipeline.h"
#include "state/state_store.h"

namespace sshost::train {

// An exponential moving average of a model's parameters (Polyak & Juditsky, "Acceleration of Stochastic Approximation
// by Averaging", 1992), in a store of its own that shares ids with the model's, so that the same segmentor runs on it.
// Buffers (running statistics, memories) are not averaged: they are those of the model.
// Holds the model's tensors: make it after the store is on its device. Threads: one at a time.
class MovingAverage {
 public:
  // Begins with the values of `store`.
  MovingAverage(const state::StateStore& store, const config::EmaConfig& config);

  // After a step of the optimiser: average = d average + (1 - d) parameter. d is the decay; with warm-up at most
  // (1 + n) / (10 + n) after n updates.
  void update();

  // Goes on with the values that the model's store now holds, as after so many updates.
  void resume(int64_t updates);

  // Puts the average in place of the model's parameters.
  void copy_to_model() const;

  state::StateStore& store() { return store_; }
  int64_t updates() const { return updates_; }

 private:
  config::EmaConfig config_;
  state::StateStore store_;
  int64_t updates_ = 0;
  std::vector<at::Tensor> averages_;    // of store_
  std::vector<at::Tensor> parameters_;  // of the model, in the same order
  std::vector<at::Tensor> buffers_;     // of store_
  std::vector<at::Tensor> originals_;   // of the model, in the same order
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_EMA_H
