#include "measure/training_bytes.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <span>
#include <vector>

#include "data/batch.h"
#include "measure/peak_bytes.h"
#include "state/generator.h"
#include "train/gradient_step.h"

namespace sshost::measure {
namespace {

constexpr uint64_t kSeed = 0;  // of the noise
constexpr int kSteps = 2;      // from the second on, the first one's gradients and the optimiser's state are there

// An estimated step runs so many of its batches at most: further ones take no more than the second, which finds the
// gradients of the first.
constexpr int64_t kEstimatedBatches = 2;

// What a step is fed with.
struct Load {
  int64_t images = 0;    // of a batch
  int64_t channels = 3;  // of an image
  infer::ImageSize size;
  int64_t batches_run = 0;
};

// All batches of a step, which the trainer too has in memory before the step begins.
std::vector<data::Batch> make_noise(int64_t batches, int64_t classes, const Load& load) {
  at::Generator noise = state::make_generator(at::kCPU, kSeed);
  const auto [height, width] = load.size;
  std::vector<data::Batch> made(static_cast<size_t>(batches));
  for (data::Batch& batch : made) {
    batch.images = at::randn({load.images, load.channels, height, width}, noise, at::TensorOptions(at::kFloat));
    batch.labels = at::randint(classes, {load.images, height, width}, noise, at::TensorOptions(at::kLong));
  }
  return made;
}

// From a fresh optimiser to its end, so that all that is allocated is freed again.
void run_steps(run::Model& model, const config::TrainConfig& config, const Load& load) {
  train::GradientStep step(*model.segmentor, model.store, state::make_generator(model.store.device(), kSeed), config);
  const std::vector<data::Batch> batches = make_noise(config.accumulate, model.segmentor->classes(), load);
  const auto run = std::span(batches).first(static_cast<size_t>(load.batches_run));
  for (int64_t i = 0; i < kSteps; ++i)
    step.run(run, {.step = i, .learning_rate = optimize::learning_rate_of(config.optimizer)});
  step.optimizer().zero_grad();
}

}  // namespace

TrainingMemory estimate_training_memory(run::Model& model, const config::TrainConfig& config, infer::ImageSize size) {
  const at::Device device = model.store.device();
  const auto peak_of = [&](int64_t images) {
    const Load load{images, model.segmentor->in_channels(), size, std::min(config.accumulate, kEstimatedBatches)};
    return peak_of_tensors(device, [&] { run_steps(model, config, load); });
  };
  const int64_t two = peak_of(2);
  int64_t three = 0;
  const int64_t peak = measure_memory(device, [&] { three = peak_of(3); }).peak;
  const int64_t for_image = three - two;
  return {peak - 3 * for_image, for_image};
}

int64_t measure_training_memory(run::Model& model, const config::TrainConfig& config, int64_t images,
                                infer::ImageSize size) {
  const Load load{images, model.segmentor->in_channels(), size, config.accumulate};
  return measure_memory(model.store.device(), [&] { run_steps(model, config, load); }).peak;
}

}  // namespace sshost::measure
