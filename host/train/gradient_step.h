#ifndef SSHOST_TRAIN_GRADIENT_STEP_H
#define SSHOST_TRAIN_GRADIENT_STEP_H

#include <ATen/core/Generator.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "data/batch.h"
#include "model/segmentor.h"
#include "optimize/optimizer.h"
#include "state/ranks.h"
#include "train/ema.h"
#include "train/gradient_scaler.h"
#include "train/observer.h"

namespace sshost::train {

// What the plugins are told of a step.
struct StepTime {
  int64_t epoch = 1;
  int64_t step = 0;  // done before it
  double learning_rate = 0;
};

// The steps of a training, and all that lives from one to the next: optimiser, moving average, scale of the loss. A
// step takes batches, each -> forward, memory update, losses -> backward; then the optimiser, and the moving average.
// Its loss is that of one batch with all the samples (Loss in model/losses.h), while batch norms and memories see the
// batches one after the other. A gradient that is not finite under float16 leaves the weights as they are
// (gradient_scaler.h). Several ranks do each step together, with batches of their own.
// Threads: one at a time.
class GradientStep {
 public:
  // `config` tells the optimiser, clip_norm, ema and precision; how many batches a step takes is up to `run`. The store
  // is on its device already; it, the segmentor and the ranks outlive the object. Throws UsageError for an optimiser or
  // a precision that there is not on that device.
  GradientStep(const model::Segmentor& segmentor, state::StateStore& store, at::Generator generator,
               const config::TrainConfig& config, const state::Ranks& ranks = state::kAlone,
               const config::DistributedConfig& distributed = {});

  // Does one step, with at least one batch. Gives this rank's part of the losses, for each batch.
  std::vector<std::vector<LossValue>> run(std::span<const data::Batch> batches, const StepTime& time);

  // Where a forward first was not finite, of the first step whose loss was not (model/first_not_finite.h); else empty.
  const std::string& where_not_finite() const { return where_not_finite_; }

  optimize::Optimizer& optimizer() { return *optimizer_; }
  MovingAverage* average() { return average_ ? &*average_ : nullptr; }  // nullptr: none is kept
  GradientScaler* scaler() { return scaler_ ? &*scaler_ : nullptr; }    // nullptr: the loss is not scaled

 private:
  std::vector<LossValue> add_batch(const data::Batch& batch, const model::StepOptions& options, bool is_last);
  at::Tensor loss_divisors(std::span<const data::Batch> batches) const;
  void update_weights();

  const model::Segmentor& segmentor_;
  const state::Ranks& ranks_;
  std::optional<double> clip_norm_;
  std::unique_ptr<optimize::Optimizer> optimizer_;
  std::optional<MovingAverage> average_;
  std::optional<GradientScaler> scaler_;
  std::optional<at::ScalarType> autocast_;
  state::ExecutionContext context_;
  std::unique_ptr<state::Backward> backward_;
  std::string where_not_finite_;
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_GRADIENT_STEP_H
