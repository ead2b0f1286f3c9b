#include "app/plan.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/device.h"
#include "app/settings.h"
#include "base/seconds_since.h"
#include "base/size_text.h"
#include "checkpoint/checkpoint.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "infer/precision.h"
#include "measure/multiply_adds.h"
#include "run/initial_weights.h"
#include "run/run_folder.h"
#include "run/transform_check.h"
#include "state/generator.h"
#include "state/prepared.h"
#include "train/precision.h"

namespace sshost::app {
namespace {

constexpr uint64_t kSeed = 0;  // of an image of noise

void count_parameters(const state::StateStore& store, ModelCost& cost) {
  for (const state::StateEntry& entry : store) {
    if (!entry.trainable) continue;
    cost.parameters += entry.value.numel();
    if (entry.name.starts_with("auxiliary.")) cost.auxiliary += entry.value.numel();
  }
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return seconds_since(begin);
}

std::optional<double> median_seconds(const std::function<void()>& work, int64_t repeat) {
  std::vector<double> seconds;
  for (int64_t i = 0; i < repeat; ++i) seconds.push_back(seconds_of(work));
  if (seconds.empty()) return std::nullopt;
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

}  // namespace

PlannedImage planned_image(const config::Pipeline& pipeline) {
  const std::vector<config::TransformConfig>& transforms = pipeline.data.train.transforms;
  for (auto transform = transforms.rbegin(); transform != transforms.rend(); ++transform) {
    if (transform->type != "random_crop" && transform->type != "pad") continue;
    const ss_options_object* size = transform->options->find("size");
    if (size == nullptr || size->children.size() != 2) continue;
    const std::vector<int64_t> pixels = config::integers_of(*size);
    return {{pixels[0], pixels[1]}, "the pipeline's " + transform->type};
  }
  return {};
}

Plan::Plan(run::Session session, PlannedImage image, Log& log)
    : session_(std::move(session)), image_(std::move(image)), log_(log), device_(device_of(session_.pipeline)) {
  tell("building the model ...");
  const data::DatasetInfo info = run::dataset_info(session_);
  run::check_transforms(session_, info);
  model_ = run::build_model(session_, info);
  // What a checkpoint says of int8 comes with its weights; others are not needed.
  if (const auto& checkpoint = session_.pipeline.checkpoint; checkpoint && std::filesystem::exists(*checkpoint)) {
    checkpoint::load_model(run::checkpoint_file(*checkpoint), model_->store, run::loading_of(session_, info.classes));
  }
  model_->store.to(device_, model_->store.dtype());
}

void Plan::require_precision() const {
  config::with_places(session_.pipeline, [&] { train::autocast_of(session_.pipeline.train.precision, device_); });
}

ModelCost Plan::cost(int64_t repeat) {
  tell("a forward of " + size_text(image_.size.height, image_.size.width) + " ...");
  const at::Tensor noise = at::randn({1, session_.pipeline.data.channels, image_.size.height, image_.size.width},
                                     state::make_generator(at::kCPU, kSeed), at::TensorOptions(at::kFloat))
                               .to(device_);
  ModelCost cost;
  count_parameters(model_->store, cost);
  state::ExecutionContext context(model_->store, state::make_generator(model_->store.device(), kSeed));
  // Reading a value waits for a GPU.
  const auto forward = [&] { model_->segmentor->logits(context, noise).flatten()[0].item<float>(); };
  cost.multiply_adds = measure::count_multiply_adds(forward);
  if (repeat == 0) return cost;
  say_precision(session_.pipeline, model_->store, log_);
  state::Prepared prepared;
  context.prepared = &prepared;
  context.precision = precision(noise);
  forward();  // prepares the weights
  cost.seconds = median_seconds(forward, repeat);
  return cost;
}

state::Precision Plan::precision(const at::Tensor& image) const {
  const infer::ChosenPrecision chosen = infer::choose_precision(session_.pipeline.evaluate, model_->store);
  if (chosen.candidates.empty()) return chosen.precision;
  return infer::fastest_precision(chosen.candidates, [&](state::Precision candidate, state::Prepared& prepared) {
    state::ExecutionContext context(model_->store, state::make_generator(model_->store.device(), kSeed));
    context.prepared = &prepared;
    context.precision = candidate;
    return model_->segmentor->logits(context, image).argmax(1);
  });
}

StepMemory Plan::training(int64_t batch, bool is_measured) {
  const config::TrainConfig& train = session_.pipeline.train;
  StepMemory memory{train.accumulate, batch > 0 ? batch : train.batch_size, {}, {}};
  config::with_places(session_.pipeline, [&] {
    tell("training steps of two and of three images ...");
    memory.estimate = measure::estimate_training_memory(*model_, train, image_.size);
    if (!is_measured) return;
    tell("training steps of " + std::to_string(memory.images) + " images ...");
    memory.measured = measure::measure_training_memory(*model_, train, memory.images, image_.size);
  });
  return memory;
}

nlohmann::json to_json(const StepMemory& memory) {
  return {{"batches", memory.batches},
          {"images", memory.images},
          {"expected_bytes", memory.estimate.expected(memory.images)},
          {"constant_bytes", memory.estimate.constant},
          {"bytes_an_image", memory.estimate.for_image},
          {"measured_bytes", memory.measured ? nlohmann::json(*memory.measured) : nlohmann::json()}};
}

nlohmann::json to_json(const std::string& name, const PlannedImage& image, const ModelCost& cost,
                       const std::optional<StepMemory>& training) {
  return {{"name", name},
          {"height", image.size.height},
          {"width", image.size.width},
          {"size_from", image.why},
          {"parameters", cost.parameters},
          {"auxiliary_parameters", cost.auxiliary},
          {"multiply_adds", cost.multiply_adds},
          {"seconds", cost.seconds ? nlohmann::json(*cost.seconds) : nlohmann::json()},
          {"training", training ? to_json(*training) : nlohmann::json()}};
}

}  // namespace sshost::app
