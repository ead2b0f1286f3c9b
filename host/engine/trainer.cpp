#include "engine/trainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>

#include "error.h"

namespace sshost::engine {
namespace {

using Clock = std::chrono::steady_clock;

// The published recipes write their parameter rules for these names; a model that does not know them is matched by its
// own.
constexpr const char* kRuleNames = "sssegmentation";

// The name of the generator's state in a checkpoint.
std::string generator_of(int64_t rank) { return rank == 0 ? "model" : "model.rank" + std::to_string(rank); }

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

std::optional<at::ScalarType> autocast_of(const std::string& precision, at::Device device) {
  if (precision == "float32") return std::nullopt;
  if (precision == "bfloat16") return at::kBFloat16;
  if (precision != "float16") {
    throw UsageError("train.precision: unknown precision \"" + precision + "\"; there are: float32, bfloat16, float16");
  }
  if (device.is_cuda()) return at::kHalf;
  throw UsageError(
      "train.precision: expected float32 or bfloat16 on the CPU, found float16: only CUDA devices compute gradients in "
      "it");
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

nlohmann::json to_json(const StepRecord& record) {
  nlohmann::json losses = nlohmann::json::object();
  for (const LossValue& loss : record.losses) losses[loss.name] = loss.value;
  return {{"kind", "train"},           {"step", record.step},
          {"epoch", record.epoch},     {"learning_rate", record.learning_rate},
          {"loss", record.loss},       {"losses", losses},
          {"seconds", record.seconds}, {"loading_seconds", record.loading_seconds},
          {"images", record.images}};
}

bool is_due(int64_t step, int64_t every) { return every > 0 && step % every == 0; }

std::vector<at::Tensor> parameters_of(const model::StateStore& store) {
  std::vector<at::Tensor> parameters;
  for (const model::StateEntry& entry : store) {
    if (entry.trainable) parameters.push_back(entry.value);
  }
  return parameters;
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
      save_every_(config.save_every_epochs ? steps_of(*config.save_every_epochs, config, parts_.loader.batches())
                                           : config.save_every),
      evaluate_every_(config.evaluate_every_epochs
                          ? steps_of(*config.evaluate_every_epochs, config, parts_.loader.batches())
                          : config.evaluate_every),
      schedule_(config.schedule, config.optimizer.lr, total_steps_),
      optimizer_(make_optimizer(parts_.store, config.optimizer, parts_.segmentor.names(kRuleNames))),
      autocast_(autocast_of(config.precision, parts_.store.device())),
      context_(parts_.store, parts_.generator),
      backward_(parts_.ranks.make_backward(parameters_of(parts_.store))) {
  if (config.ema) average_.emplace(parts_.store, *config.ema);
  if (autocast_ == at::kHalf) scaler_.emplace();
  context_.training = true;
  context_.base_learning_rate = schedule_.base();
  context_.ranks = &parts_.ranks;
  context_.synchronises_norms = parts_.distributed.sync_batch_norm;
  context_.averages_memories = parts_.distributed.memory_update == "average";
}

std::string Trainer::resume(const std::filesystem::path& model_path) {
  const auto state_path = checkpoint::training_state_path(model_path);
  const int64_t model_step = checkpoint::read_checkpoint_info(model_path).step;
  const checkpoint::TrainingState state = checkpoint::load_training_state(state_path);
  if (state.step != model_step) {
    throw Error("cannot resume: " + state_path.string() + " is of step " + std::to_string(state.step) + ", " +
                model_path.string() + " of step " + std::to_string(model_step));
  }
  if (state.seed != seed_) {
    throw UsageError("cannot resume: the run was started with seed " + std::to_string(state.seed) +
                     ", the pipeline says " + std::to_string(seed_));
  }
  checkpoint::load_model(model_path, parts_.store);
  if (average_) average_->resume(state.average_updates);
  for (const auto& [name, value] : state.weights) parts_.store.assign(name, value);
  if (scaler_ && state.loss_scale > 0) scaler_->set_state({state.loss_scale, state.loss_scale_steps});
  optimizer_->load_state(state.optimizer);
  scores_ = state.scores;
  step_ = saved_step_ = state.step;
  epoch_ = state.epoch;
  batch_ = state.batch;
  if (parts_.ranks.is_first()) parts_.folder.forget_metrics_after(step_);
  return resume_generator(state);
}

std::string Trainer::resume_generator(const checkpoint::TrainingState& state) {
  for (const auto& [name, value] : state.generators) {
    if (name != generator_of(parts_.ranks.rank())) continue;
    const std::lock_guard lock(parts_.generator.mutex());
    parts_.generator.set_state(value);
  }
  const auto saved = static_cast<int64_t>(state.generators.size());
  if (saved == parts_.ranks.count()) return {};
  return "the checkpoint is of " + std::to_string(saved) + " process" + (saved == 1 ? "" : "es") + ", and now there " +
         (parts_.ranks.alone() ? "is 1" : "are " + std::to_string(parts_.ranks.count())) +
         ": dropout draws other numbers than if the run had gone on as it was; all else is the same";
}

TrainingResult Trainer::run(const std::atomic<bool>& stop) {
  const bool was_stopped_before_its_score = scores_.empty() || scores_.back().step != step_;
  if (follows_scores() && evaluation_is_due() && was_stopped_before_its_score && !parts_.ranks.any(stop)) evaluate();
  parts_.loader.start(epoch_, batch_);
  while (step_ < total_steps_ && !parts_.ranks.any(stop) && !has_stalled()) {
    const auto begin = Clock::now();
    const std::vector<data::Batch> batches = next_batches();
    const auto loaded = Clock::now();
    StepRecord record = train_step(batches);
    record.loading_seconds = seconds_between(begin, loaded);
    record.seconds = seconds_between(begin, Clock::now());
    after_step(record);
  }
  if (saved_step_ != step_) save();
  if (average_) average_->copy_to_model();
  const bool ended = step_ == total_steps_ || has_stalled();
  return {!ended, step_, ended && step_ < total_steps_};
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
  context_.epoch = epoch_;
  context_.step = step_;
  context_.learning_rate = schedule_.learning_rate(step_);
  optimizer_->zero_grad();
  model::StepOptions options;
  options.autocast = autocast_;
  if (batches.size() > 1 || !parts_.ranks.alone()) options.loss_divisors = loss_divisors(batches);
  StepRecord record{};
  for (const data::Batch& batch : batches) add_batch(batch, options, &batch == &batches.back(), record);
  for (const LossValue& loss : record.losses) record.loss += loss.value;
  update_weights();

  ++step_;
  record.step = step_;
  record.steps = total_steps_;
  record.epoch = epoch_;
  record.epochs = (total_steps_ * config_.accumulate + parts_.loader.batches() - 1) / parts_.loader.batches();
  record.learning_rate = context_.learning_rate;
  return record;
}

void Trainer::add_batch(const data::Batch& batch, const model::StepOptions& options, bool is_last, StepRecord& record) {
  const at::Tensor images = batch.images.to(context_.device, context_.dtype);
  const at::Tensor labels = batch.labels.to(context_.device);
  const model::TrainingStep step = parts_.segmentor.training_losses(context_, images, labels, options);
  add_losses(record.losses, read_losses(step.losses, batch));
  const at::Tensor loss = step.loss();
  backward_->run(scaler_ ? scaler_->scaled(loss) : loss, is_last);
  record.images += images.size(0) * parts_.ranks.count();
}

// What the step's losses are divided by, which follows from all its labels.
at::Tensor Trainer::loss_divisors(const std::vector<data::Batch>& batches) const {
  at::Tensor sum;
  for (const data::Batch& batch : batches) {
    const at::Tensor divisors = parts_.segmentor.loss_divisors(batch.labels);
    sum = sum.defined() ? sum + divisors : divisors;
  }
  parts_.ranks.sum({sum});
  return sum.to(context_.device);
}

void Trainer::update_weights() {
  if (scaler_ && !scaler_->unscale(optimizer_->gradients())) return;
  if (config_.clip_norm) optimizer_->clip_gradients(*config_.clip_norm);
  optimizer_->step(context_.learning_rate);
  if (average_) average_->update();
}

std::vector<LossValue> Trainer::read_losses(const std::vector<model::LossTerm>& terms, const data::Batch& batch) const {
  std::vector<at::Tensor> scalars;
  for (const model::LossTerm& term : terms) scalars.push_back(term.value.detach().to(at::kDouble).reshape({}));
  const at::Tensor values = at::stack(scalars).cpu();  // one transfer for all
  for (size_t i = 0; i < terms.size(); ++i) {
    const auto value = values[static_cast<int64_t>(i)].item<double>();
    if (std::isfinite(value)) continue;
    throw Error(
        terms[i].name + " is " + std::to_string(value) + " at step " + std::to_string(step_ + 1) + " (epoch " +
        std::to_string(epoch_) + ", learning rate " + std::to_string(context_.learning_rate) + ", samples " +
        join(batch.ids) +
        "). Lower train.optimizer.lr or add a warm-up, and look at these samples' images and labels; the newest "
        "checkpoint in " +
        parts_.folder.checkpoints().string() + " is from before this step.");
  }
  parts_.ranks.sum({values});
  std::vector<LossValue> losses;
  for (size_t i = 0; i < terms.size(); ++i) {
    losses.push_back({terms[i].name, values[static_cast<int64_t>(i)].item<double>()});
  }
  return losses;
}

void Trainer::after_step(const StepRecord& record) {
  observer_.on_step(record);
  if (step_ == 1 || step_ == total_steps_ || is_due(step_, config_.log_every)) {
    if (parts_.ranks.is_first()) parts_.folder.append_metrics(to_json(record));
    observer_.on_log(record);
  }
  if (is_due(step_, save_every_)) save();
  if (evaluation_is_due()) evaluate();
}

// A training that is over is evaluated by whoever asked for it, unless the best checkpoint may be the last one.
bool Trainer::evaluation_is_due() const {
  return step_ < total_steps_ ? is_due(step_, evaluate_every_) && step_ > 0 : config_.keep_best > 0;
}

bool Trainer::has_stalled() const {
  return config_.early_stopping && engine::has_stalled(scores_, *config_.early_stopping);
}

// Batch norms that each rank keeps for itself become those of rank 0, which are saved: all score the same model.
void Trainer::align_buffers() {
  if (parts_.ranks.alone() || parts_.distributed.sync_batch_norm) return;
  std::vector<at::Tensor> buffers;
  const auto add = [&](const model::StateStore& store) {
    for (const model::StateEntry& entry : store) {
      if (!entry.trainable) buffers.push_back(entry.value);
    }
  };
  add(parts_.store);
  if (average_) add(average_->store());
  parts_.ranks.broadcast(buffers);
}

void Trainer::evaluate() {
  align_buffers();
  const auto mean_iou = observer_.on_evaluate(step_, average_ ? average_->store() : parts_.store);
  if (!mean_iou) return;
  scores_.push_back({step_, *mean_iou});
  if (!follows_scores()) return;
  const std::vector<int64_t> best = best_steps(scores_, config_.keep_best);
  if (saved_step_ == step_) {
    save_training_state();  // with the score
    prune();
  } else if (std::find(best.begin(), best.end(), step_) != best.end()) {
    save();
  }
  if (!best.empty() && parts_.ranks.is_first()) parts_.folder.mark_best(best.front());
}

void Trainer::save() {
  align_buffers();
  save_training_state();
  saved_step_ = step_;
  if (!parts_.ranks.is_first()) return;
  parts_.info.step = step_;
  const auto path = parts_.folder.checkpoint(step_);
  try {
    checkpoint::save_model(path, average_ ? average_->store() : parts_.store, parts_.info);
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
  if (!parts_.ranks.is_first()) return;
  checkpoint::TrainingState state{step_, epoch_, batch_, seed_, optimizer_->state(), {}};
  for (int64_t rank = 0; rank < generators.size(0); ++rank) {
    state.generators.emplace_back(generator_of(rank), generators[rank].clone());
  }
  state.scores = scores_;
  if (scaler_) {
    state.loss_scale = scaler_->state().scale;
    state.loss_scale_steps = scaler_->state().good_steps;
  }
  if (average_) {
    state.average_updates = average_->updates();
    for (const model::StateEntry& entry : parts_.store) {
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
  parts_.folder.prune_checkpoints(config_.keep_checkpoints, best_steps(scores_, config_.keep_best));
}

}  // namespace sshost::engine
