#include "train/gradient_step.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <cmath>

#include "model/first_not_finite.h"
#include "train/precision.h"

namespace sshost::train {
namespace {

// The published recipes write their parameter rules for these names; a model that does not know them is matched by its
// own.
constexpr const char* kRuleNames = "sssegmentation";

std::vector<LossValue> values_of(const std::vector<model::LossTerm>& terms) {
  std::vector<at::Tensor> scalars;
  for (const model::LossTerm& term : terms) scalars.push_back(term.value.detach().to(at::kDouble).reshape({}));
  const at::Tensor values = at::stack(scalars).cpu();  // one transfer for all
  std::vector<LossValue> losses;
  for (size_t i = 0; i < terms.size(); ++i) {
    losses.push_back({terms[i].name, values[static_cast<int64_t>(i)].item<double>()});
  }
  return losses;
}

bool are_finite(const std::vector<LossValue>& losses) {
  return std::all_of(losses.begin(), losses.end(), [](const LossValue& loss) { return std::isfinite(loss.value); });
}

std::vector<at::Tensor> parameters_of(const state::StateStore& store) {
  std::vector<at::Tensor> parameters;
  for (const state::StateEntry& entry : store) {
    if (entry.trainable) parameters.push_back(entry.value);
  }
  return parameters;
}

}  // namespace

GradientStep::GradientStep(const model::Segmentor& segmentor, state::StateStore& store, at::Generator generator,
                           const config::TrainConfig& config, const state::Ranks& ranks,
                           const config::DistributedConfig& distributed)
    : segmentor_(segmentor),
      ranks_(ranks),
      clip_norm_(config.clip_norm),
      optimizer_(optimize::make_optimizer(store, config.optimizer, segmentor.names(kRuleNames))),
      autocast_(autocast_of(config.precision, store.device())),
      context_(store, std::move(generator)),
      backward_(ranks.make_backward(parameters_of(store))) {
  if (config.ema) average_.emplace(store, *config.ema);
  if (autocast_ == at::kHalf) scaler_.emplace();
  context_.training = true;
  context_.base_learning_rate = optimize::learning_rate_of(config.optimizer);
  context_.ranks = &ranks;
  context_.synchronises_norms = distributed.sync_batch_norm;
  context_.averages_memories = distributed.memory_update == "average";
}

std::vector<std::vector<LossValue>> GradientStep::run(std::span<const data::Batch> batches, const StepTime& time) {
  context_.epoch = time.epoch;
  context_.step = time.step;
  context_.learning_rate = time.learning_rate;
  optimizer_->zero_grad();
  model::StepOptions options;
  options.autocast = autocast_;
  if (batches.size() > 1 || !ranks_.alone()) options.loss_divisors = loss_divisors(batches);
  std::vector<std::vector<LossValue>> losses;
  for (const data::Batch& batch : batches) losses.push_back(add_batch(batch, options, &batch == &batches.back()));
  update_weights();
  return losses;
}

std::vector<LossValue> GradientStep::add_batch(const data::Batch& batch, const model::StepOptions& options,
                                               bool is_last) {
  const at::Tensor images = batch.images.to(context_.device, context_.dtype);
  const at::Tensor labels = batch.labels.to(context_.device);
  const model::TrainingStep step = segmentor_.training_losses(context_, images, labels, options);
  std::vector<LossValue> losses = values_of(step.losses);
  if (where_not_finite_.empty() && !are_finite(losses)) {
    where_not_finite_ = model::first_not_finite(segmentor_, context_, images, labels, options);
  }
  const at::Tensor loss = step.loss();
  backward_->run(scaler_ ? scaler_->scaled(loss) : loss, is_last);
  return losses;
}

// What the step's losses are divided by, which follows from all its labels.
at::Tensor GradientStep::loss_divisors(std::span<const data::Batch> batches) const {
  at::Tensor sum;
  for (const data::Batch& batch : batches) {
    const at::Tensor divisors = segmentor_.loss_divisors(batch.labels);
    sum = sum.defined() ? sum + divisors : divisors;
  }
  ranks_.sum({sum});
  return sum.to(context_.device);
}

void GradientStep::update_weights() {
  if (scaler_ && !scaler_->unscale(optimizer_->gradients())) return;
  if (clip_norm_) optimizer_->clip_gradients(*clip_norm_);
  optimizer_->step(context_.learning_rate);
  if (average_) average_->update();
}

}  // namespace sshost::train
