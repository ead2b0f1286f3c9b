#include "train/trainer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "state/finite.h"

namespace sshost::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kStepsInCensus = 10;

// The name of the generator's state in a checkpoint.
std::string generator_of(int64_t rank) { return rank == 0 ? "model" : "model.rank" + std::to_string(rank); }

// Of a training state: the weights, two values of the optimiser for each, the generators of all ranks.
uint64_t most_bytes_of(const state::StateStore& store) {
  constexpr uint64_t kPerByte = 8, kBeside = uint64_t{1} << 26;
  uint64_t bytes = 0;
  for (const state::StateEntry& entry : store) bytes += entry.value.nbytes();
  return kPerByte * bytes + kBeside;
}

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

// So many epochs in steps; an incomplete last step is left out, where it is not the only one.
int64_t steps_of(int64_t epochs, const config::TrainConfig& config, int64_t batches) {
  return std::max<int64_t>(epochs * batches / config.accumulate, std::min<int64_t>(epochs, 1));
}

int64_t count_steps(const config::TrainConfig& config, int64_t batches) {
  const int64_t steps = config.steps ? *config.steps : steps_of(config.epochs.value_or(0), config, batches);
  if (steps < 1) throw UsageError("train: neither `steps` nor `epochs` says how long to train");
  return steps;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Interval interval_of(const std::optional<int64_t>& epochs, int64_t steps, const config::TrainConfig& config,
                     int64_t batches) {
  return epochs ? Interval::of_epochs(*epochs, batches, config.accumulate) : Interval::of_steps(steps);
}

// The losses of all ranks together.
std::vector<LossValue> sum_over(const state::Ranks& ranks, std::vector<LossValue> losses) {
  if (ranks.alone()) return losses;
  std::vector<double> values;
  values.reserve(losses.size());
  for (const LossValue& loss : losses) values.push_back(loss.value);
  const at::Tensor sums = at::tensor(values, at::kDouble);
  ranks.sum({sums});
  for (size_t i = 0; i < losses.size(); ++i) losses[i].value = sums[static_cast<int64_t>(i)].item<double>();
  return losses;
}

// A generator of the CPU counts the numbers that are left of 624 beside the place of the next one. LibTorch looks at
// either of them alone, and would read behind the last one where they disagree.
void require_sound_generator(const at::Tensor& state) {
  constexpr int64_t kNumbers = 624;
  struct Head {
    uint64_t seed;
    int32_t left, is_seeded;
    uint64_t next;
  } head{};
  if (state.numel() < static_cast<int64_t>(sizeof head)) throw Error("it is too short");
  std::memcpy(&head, state.contiguous().const_data_ptr(), sizeof head);
  const bool is_fresh = head.left == 1 && head.next == 0;
  const bool is_between = head.left >= 1 && head.left <= kNumbers;
  if (is_fresh || (is_between && head.next == static_cast<uint64_t>(kNumbers + 1 - head.left))) return;
  throw Error("it says that " + std::to_string(head.left) + " numbers are left behind the " +
              std::to_string(head.next) + "th");
}

[[noreturn]] void no_generator(const std::string& name, const std::string& why) {
  throw Error("cannot resume: the checkpoint's state of the generator \"" + name + "\" is none: " + why);
}

// Adds the losses of a further batch of the step.
void add_losses(std::vector<LossValue>& losses, const std::vector<LossValue>& more) {
  for (const LossValue& loss : more) {
    const auto known =
        std::find_if(losses.begin(), losses.end(), [&](const LossValue& other) { return other.name == loss.name; });
    if (known == losses.end()) {
      losses.push_back(loss);
    } else {
      known->value += loss.value;
    }
  }
}

}  // namespace

Trainer::Trainer(TrainerParts parts, const config::TrainConfig& config, uint64_t seed, TrainingObserver& observer)
    : parts_(std::move(parts)),
      config_(config),
      seed_(seed),
      observer_(observer),
      total_steps_(count_steps(config, parts_.loader.batches())),
      save_every_(interval_of(config.save_every_epochs, config.save_every, config, parts_.loader.batches())),
      evaluate_every_(
          interval_of(config.evaluate_every_epochs, config.evaluate_every, config, parts_.loader.batches())),
      schedule_(config.schedule, optimize::learning_rate_of(config.optimizer), total_steps_),
      gradient_step_(parts_.segmentor, parts_.store, parts_.generator, config, parts_.ranks, parts_.distributed),
      means_(static_cast<int64_t>(parts_.info.dataset.classes.size()), parts_.info.dataset.labels_are_sets),
      census_(static_cast<int64_t>(parts_.info.dataset.classes.size()), parts_.info.dataset.labels_are_sets) {}

std::string Trainer::resume(const std::filesystem::path& model_path, const checkpoint::Loading& loading) {
  const auto state_path = checkpoint::training_state_path(model_path);
  const int64_t model_step = checkpoint::read_checkpoint_info(model_path).step;
  const checkpoint::ClassOrder order = checkpoint::read_class_order(model_path, loading.wanted);
  const checkpoint::TrainingState state =
      checkpoint::load_training_state(state_path, order, most_bytes_of(parts_.store));
  if (state.step != model_step) {
    throw Error("cannot resume: " + state_path.string() + " is of step " + std::to_string(state.step) + ", " +
                model_path.string() + " of step " + std::to_string(model_step));
  }
  if (state.step > total_steps_) {
    throw UsageError("cannot resume: " + model_path.string() + " is of step " + std::to_string(state.step) +
                     ", and the training is to end after " + std::to_string(total_steps_) +
                     "; train.steps or train.epochs says how long it is to be");
  }
  if (state.seed != seed_) {
    throw UsageError("cannot resume: the run was started with seed " + std::to_string(state.seed) +
                     ", the pipeline says " + std::to_string(seed_));
  }
  checkpoint::load_model(model_path, parts_.store, loading);
  if (MovingAverage* average = gradient_step_.average()) average->resume(state.average_updates);
  for (const auto& [name, value] : state.weights) parts_.store.assign(name, value);
  GradientScaler* scaler = gradient_step_.scaler();
  if (scaler != nullptr && state.loss_scale > 0) scaler->set_state({state.loss_scale, state.loss_scale_steps});
  gradient_step_.optimizer().load_state(state.optimizer);
  scores_ = state.scores;
  means_.resume(state.interval, parts_.ranks);
  step_ = saved_step_ = state.step;
  epoch_ = state.epoch;
  batch_ = state.batch;
  find_scores_in_folder();
  if (parts_.ranks.is_first()) parts_.folder.forget_metrics_after(step_);
  return resume_generator(state);
}

void Trainer::find_scores_in_folder() {
  for (const checkpoint::Score& score : scores_) {
    const bool is_here = parts_.ranks.is_first() && std::filesystem::exists(parts_.folder.checkpoint(score.step));
    if (parts_.ranks.any(is_here)) in_folder_.push_back(score);
  }
}

std::string Trainer::resume_generator(const checkpoint::TrainingState& state) {
  for (const auto& [name, value] : state.generators) {
    if (name != generator_of(parts_.ranks.rank())) continue;
    const std::lock_guard lock(parts_.generator.mutex());
    try {
      if (parts_.generator.device().is_cpu()) require_sound_generator(value);
      parts_.generator.set_state(value);
    } catch (const c10::Error& error) {
      no_generator(name, error.what_without_backtrace());
    } catch (const Error& error) {
      no_generator(name, error.what());
    }
  }
  const auto saved = static_cast<int64_t>(state.generators.size());
  if (saved == parts_.ranks.count()) return {};
  return "the checkpoint is of " + std::to_string(saved) + " process" + (saved == 1 ? "" : "es") + ", and now there " +
         (parts_.ranks.alone() ? "is 1" : "are " + std::to_string(parts_.ranks.count())) +
         ": dropout draws other numbers than if the run had gone on as it was; all else is the same";
}

TrainingResult Trainer::run(const std::atomic<bool>& stop) {
  if (evaluation_is_due() && misses_its_evaluation() && !parts_.ranks.any(stop)) evaluate();
  parts_.loader.start(epoch_, batch_);
  while (step_ < total_steps_ && !parts_.ranks.any(stop) && !has_stalled()) {
    const auto begin = Clock::now();
    const std::vector<data::Batch> batches = next_batches();
    const auto loaded = Clock::now();
    StepRecord record = train_step(batches);
    record.loading_seconds = seconds_between(begin, loaded);
    record.seconds = seconds_between(begin, Clock::now());
    look_at_labels(batches);
    after_step(record);
  }
  if (saved_step_ != step_) save();
  if (const MovingAverage* average = gradient_step_.average()) average->copy_to_model();
  const bool ended = step_ == total_steps_ || has_stalled();
  return {!ended, step_, ended && step_ < total_steps_};
}

// A stop may come between a checkpoint and the evaluation of the same step.
bool Trainer::misses_its_evaluation() const {
  if (follows_scores()) return scores_.empty() || scores_.back().step != step_;
  return parts_.ranks.any(parts_.ranks.is_first() && !parts_.folder.has_evaluation(step_));
}

data::Batch Trainer::next_batch() {
  auto batch = parts_.loader.next();
  if (!batch) {
    ++epoch_;
    batch_ = 0;
    parts_.loader.start(epoch_, 0);
    batch = parts_.loader.next();
  }
  ++batch_;
  return std::move(batch).value();
}

std::vector<data::Batch> Trainer::next_batches() {
  std::vector<data::Batch> batches;
  for (int64_t i = 0; i < config_.accumulate; ++i) batches.push_back(next_batch());
  return batches;
}

StepRecord Trainer::train_step(const std::vector<data::Batch>& batches) {
  StepRecord record{};
  record.learning_rate = schedule_.learning_rate(step_);
  const auto losses = gradient_step_.run(batches, {epoch_, step_, record.learning_rate});
  for (size_t i = 0; i < batches.size(); ++i) {
    check_finite(losses[i], batches[i], record.learning_rate);
    add_losses(record.losses, sum_over(parts_.ranks, losses[i]));
    means_.count(batches[i].labels);
    record.images += batches[i].images.size(0) * parts_.ranks.count();
  }
  for (const LossValue& loss : record.losses) record.loss += loss.value;

  ++step_;
  record.step = step_;
  record.steps = total_steps_;
  record.epoch = epoch_;
  record.epochs = (total_steps_ * config_.accumulate + parts_.loader.batches() - 1) / parts_.loader.batches();
  return record;
}

void Trainer::check_finite(const std::vector<LossValue>& losses, const data::Batch& batch, double learning_rate) const {
  for (const LossValue& loss : losses) {
    if (std::isfinite(loss.value)) continue;
    throw Error(
        loss.name + " is " + std::to_string(loss.value) + " at step " + std::to_string(step_ + 1) + " (epoch " +
        std::to_string(epoch_) + ", learning rate " + std::to_string(learning_rate) + ", samples " + join(batch.ids) +
        "). The first output that is not finite: " + gradient_step_.where_not_finite() +
        (step_ == 0 ? ". No step has changed a weight yet: look there, and at these samples' images and labels"
                    : ". Lower train.optimizer.lr or add a warm-up, and look at these samples' images and labels") +
        (saved_step_ > 0
             ? "; the newest checkpoint in " + parts_.folder.checkpoints().string() + " is from before this step."
             : "."));
  }
}

void Trainer::after_step(const StepRecord& record) {
  means_.add(record);
  observer_.on_step(record);
  if (step_ == 1 || step_ == total_steps_ || Interval::of_steps(config_.log_every).is_due(step_)) {
    const StepRecord means = means_.take(record, parts_.ranks);
    if (parts_.ranks.is_first()) parts_.folder.append_metrics(to_json(means));
    observer_.on_log(means);
  }
  if (save_every_.is_due(step_)) save();
  if (evaluation_is_due()) evaluate();
}

// Those that the losses saw, after crops and all other transforms.
void Trainer::look_at_labels(const std::vector<data::Batch>& batches) {
  if (steps_in_census_ == kStepsInCensus) return;
  for (const data::Batch& batch : batches) census_.add(batch.labels);
  if (++steps_in_census_ < kStepsInCensus && step_ < total_steps_) return;
  const std::string steps = std::to_string(std::exchange(steps_in_census_, kStepsInCensus));
  const at::Tensor counts = census_.counts();
  parts_.ranks.sum({counts});
  census_.set_counts(counts);
  observer_.on_labels(census_);
  if (census_.labelled() > 0 || config_.on_nothing_to_learn == "warn") return;
  throw Error("nothing to learn: no pixel of the " + std::to_string(census_.images()) + " images of the first " +
              steps + " steps is of a class, all are ignored. `sshost data doctor` says what the labels hold; " +
              "train.on_nothing_to_learn: warn trains on all the same");
}

// A training that is over is evaluated by whoever asked for it, unless the best checkpoint may be the last one.
bool Trainer::evaluation_is_due() const {
  return step_ < total_steps_ ? evaluate_every_.is_due(step_) : config_.keep_best > 0;
}

bool Trainer::has_stalled() const {
  return config_.early_stopping && train::has_stalled(scores_, *config_.early_stopping);
}

state::StateStore& Trainer::scored_store() {
  return gradient_step_.average() ? gradient_step_.average()->store() : parts_.store;
}

// Batch norms that each rank keeps for itself become those of rank 0, which are saved: all score the same model.
void Trainer::align_buffers() {
  if (parts_.ranks.alone() || parts_.distributed.sync_batch_norm) return;
  std::vector<at::Tensor> buffers;
  const auto add = [&](const state::StateStore& store) {
    for (const state::StateEntry& entry : store) {
      if (!entry.trainable) buffers.push_back(entry.value);
    }
  };
  add(parts_.store);
  if (gradient_step_.average()) add(gradient_step_.average()->store());
  parts_.ranks.broadcast(buffers);
}

void Trainer::evaluate() {
  align_buffers();
  const auto mean_iou = observer_.on_evaluate(step_, scored_store());
  if (!mean_iou) return;
  scores_.push_back({step_, *mean_iou});
  if (!follows_scores()) return;
  in_folder_.push_back(scores_.back());
  const std::vector<int64_t> best = best_steps(in_folder_, config_.keep_best);
  if (saved_step_ == step_) {
    save_training_state();  // with the score
    prune();
  } else if (std::find(best.begin(), best.end(), step_) != best.end()) {
    save();
  }
  if (!best.empty() && parts_.ranks.is_first()) parts_.folder.mark_best(best.front());
}

// The last step's losses are those of the weights before it: what it left is looked at here, so that no checkpoint
// stands in for a good one that cannot be used.
void Trainer::require_finite_weights() const {
  for (const state::StateEntry& entry : parts_.store) {
    const bool is_sound = !entry.trainable || state::is_finite(entry.value);  // buffers may have begun so
    if (is_sound) continue;
    throw Error("step " + std::to_string(step_) + " left \"" + entry.name + "\" with " +
                std::to_string(state::count_not_finite(entry.value)) + " of " + std::to_string(entry.value.numel()) +
                " values that are not finite, and is not saved. Lower train.optimizer.lr or add a warm-up");
  }
}

void Trainer::save() {
  align_buffers();
  require_finite_weights();
  save_training_state();
  saved_step_ = step_;
  if (!parts_.ranks.is_first()) return;
  parts_.info.step = step_;
  const auto path = parts_.folder.checkpoint(step_);
  try {
    checkpoint::save_model(path, scored_store(), parts_.info);
    parts_.folder.mark_last(step_);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(checkpoint::training_state_path(path), ignored);  // without the model it only takes space
    throw;
  }
  prune();
  observer_.on_checkpoint(path);
}

void Trainer::save_training_state() {
  const at::Tensor generators = parts_.ranks.gather(generator_state());
  const checkpoint::IntervalSums& interval = means_.gather(parts_.ranks);
  if (!parts_.ranks.is_first()) return;
  checkpoint::TrainingState state{step_, epoch_, batch_, seed_, gradient_step_.optimizer().state(), {}};
  for (int64_t rank = 0; rank < generators.size(0); ++rank) {
    state.generators.emplace_back(generator_of(rank), generators[rank].clone());
  }
  state.scores = scores_;
  state.interval = interval;
  if (const GradientScaler* scaler = gradient_step_.scaler()) {
    state.loss_scale = scaler->state().scale;
    state.loss_scale_steps = scaler->state().good_steps;
  }
  if (const MovingAverage* average = gradient_step_.average()) {
    state.average_updates = average->updates();
    for (const state::StateEntry& entry : parts_.store) {
      if (entry.trainable) state.weights.emplace_back(entry.name, entry.value);
    }
  }
  checkpoint::save_training_state(checkpoint::training_state_path(parts_.folder.checkpoint(step_)), state);
}

at::Tensor Trainer::generator_state() {
  const std::lock_guard lock(parts_.generator.mutex());
  return parts_.generator.get_state();
}

void Trainer::prune() const {
  if (!parts_.ranks.is_first()) return;
  parts_.folder.prune_checkpoints(config_.keep_checkpoints, best_steps(in_folder_, config_.keep_best));
}

}  // namespace sshost::train
