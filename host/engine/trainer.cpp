#include "engine/trainer.h"

#include <ATen/ATen.h>

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
constexpr const char* kModelGenerator = "model";

double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

int64_t count_steps(const config::TrainConfig& config, int64_t batches) {
  const int64_t steps = config.steps ? *config.steps : config.epochs.value_or(0) * batches;
  if (steps < 1) throw UsageError("train: neither `steps` nor `epochs` says how long to train");
  return steps;
}

at::Tensor sum_of(const std::vector<model::LossTerm>& terms) {
  at::Tensor sum = terms.front().value;
  for (size_t i = 1; i < terms.size(); ++i) sum = sum + terms[i].value;
  return sum;
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

// An interval in steps, which may be given in epochs instead.
int64_t interval(int64_t steps, const std::optional<int64_t>& epochs, int64_t batches) {
  return epochs ? *epochs * batches : steps;
}

}  // namespace

Trainer::Trainer(TrainerParts parts, const config::TrainConfig& config, uint64_t seed, TrainingObserver& observer)
    : parts_(std::move(parts)),
      config_(config),
      seed_(seed),
      observer_(observer),
      total_steps_(count_steps(config, parts_.loader.batches())),
      save_every_(interval(config.save_every, config.save_every_epochs, parts_.loader.batches())),
      evaluate_every_(interval(config.evaluate_every, config.evaluate_every_epochs, parts_.loader.batches())),
      schedule_(config.schedule, config.optimizer.lr, total_steps_),
      optimizer_(make_optimizer(parts_.store, config.optimizer, parts_.segmentor.names(kRuleNames))),
      context_(parts_.store, parts_.generator) {
  context_.training = true;
  context_.base_learning_rate = schedule_.base();
}

void Trainer::resume(const std::filesystem::path& model_path) {
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
  optimizer_->load_state(state.optimizer);
  for (const auto& [name, value] : state.generators) {
    if (name != kModelGenerator) continue;
    const std::lock_guard lock(parts_.generator.mutex());
    parts_.generator.set_state(value);
  }
  step_ = saved_step_ = state.step;
  epoch_ = state.epoch;
  batch_ = state.batch;
  parts_.folder.forget_metrics_after(step_);
}

TrainingResult Trainer::run(const std::atomic<bool>& stop) {
  parts_.loader.start(epoch_, batch_);
  while (step_ < total_steps_ && !stop) {
    const auto begin = Clock::now();
    const data::Batch batch = next_batch();
    const auto loaded = Clock::now();
    StepRecord record = train_step(batch);
    record.loading_seconds = seconds_between(begin, loaded);
    record.seconds = seconds_between(begin, Clock::now());
    after_step(record);
  }
  if (saved_step_ != step_) save();
  return {step_ < total_steps_, step_};
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

StepRecord Trainer::train_step(const data::Batch& batch) {
  context_.epoch = epoch_;
  context_.step = step_;
  context_.learning_rate = schedule_.learning_rate(step_);
  const at::Tensor images = batch.images.to(context_.device, context_.dtype);
  const at::Tensor labels = batch.labels.to(context_.device);

  const model::TrainingStep step = parts_.segmentor.training_losses(context_, images, labels);
  StepRecord record{};
  record.losses = read_losses(step.losses, batch);
  for (const LossValue& loss : record.losses) record.loss += loss.value;
  optimizer_->zero_grad();
  sum_of(step.losses).backward();
  if (config_.clip_norm) optimizer_->clip_gradients(*config_.clip_norm);
  optimizer_->step(context_.learning_rate);

  ++step_;
  record.step = step_;
  record.steps = total_steps_;
  record.epoch = epoch_;
  record.epochs = (total_steps_ + parts_.loader.batches() - 1) / parts_.loader.batches();
  record.learning_rate = context_.learning_rate;
  record.images = images.size(0);
  return record;
}

std::vector<LossValue> Trainer::read_losses(const std::vector<model::LossTerm>& terms, const data::Batch& batch) const {
  std::vector<at::Tensor> scalars;
  for (const model::LossTerm& term : terms) scalars.push_back(term.value.detach().to(at::kDouble).reshape({}));
  const at::Tensor values = at::stack(scalars).cpu();  // one transfer for all
  std::vector<LossValue> losses;
  for (size_t i = 0; i < terms.size(); ++i) {
    losses.push_back({terms[i].name, values[static_cast<int64_t>(i)].item<double>()});
    if (std::isfinite(losses.back().value)) continue;
    throw Error(
        terms[i].name + " is " + std::to_string(losses.back().value) + " at step " + std::to_string(step_ + 1) +
        " (epoch " + std::to_string(epoch_) + ", learning rate " + std::to_string(context_.learning_rate) +
        ", samples " + join(batch.ids) +
        "). Lower train.optimizer.lr or add a warm-up, and look at these samples' images and labels; the newest "
        "checkpoint in " +
        parts_.folder.checkpoints().string() + " is from before this step.");
  }
  return losses;
}

void Trainer::after_step(const StepRecord& record) {
  observer_.on_step(record);
  if (step_ == 1 || step_ == total_steps_ || is_due(step_, config_.log_every)) {
    parts_.folder.append_metrics(to_json(record));
    observer_.on_log(record);
  }
  if (is_due(step_, save_every_)) save();
  if (is_due(step_, evaluate_every_) && step_ < total_steps_) observer_.on_evaluate(step_);
}

void Trainer::save() {
  checkpoint::TrainingState state{step_, epoch_, batch_, seed_, optimizer_->state(), {}};
  {
    const std::lock_guard lock(parts_.generator.mutex());
    state.generators.emplace_back(kModelGenerator, parts_.generator.get_state());
  }
  parts_.info.step = step_;
  const auto path = parts_.folder.checkpoint(step_);
  const auto state_path = checkpoint::training_state_path(path);
  checkpoint::save_training_state(state_path, state);
  try {
    checkpoint::save_model(path, parts_.store, parts_.info);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(state_path, ignored);  // without the model it only takes space
    throw;
  }
  saved_step_ = step_;
  parts_.folder.prune_checkpoints(config_.keep_checkpoints);
  observer_.on_checkpoint(path);
}

}  // namespace sshost::engine
