#include "measure/noise_steps.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <span>
#include <vector>

#include "data/batch.h"
#include "state/generator.h"
#include "train/gradient_step.h"

namespace sshost::measure {
namespace {

constexpr uint64_t kSeed = 0;  // of the noise
constexpr int kSteps = 2;      // from the second on, the first one's gradients and the optimiser's state are there

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

}  // namespace

void run_noise_steps(run::Model& model, const config::TrainConfig& config, const Load& load) {
  train::GradientStep step(*model.segmentor, model.store, state::make_generator(model.store.device(), kSeed), config);
  const std::vector<data::Batch> batches = make_noise(config.accumulate, model.segmentor->classes(), load);
  const auto run = std::span(batches).first(static_cast<size_t>(load.batches_run));
  for (int64_t i = 0; i < kSteps; ++i)
    step.run(run, {.step = i, .learning_rate = optimize::learning_rate_of(config.optimizer)});
  step.optimizer().zero_grad();
}

}  // namespace sshost::measure
