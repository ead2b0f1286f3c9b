#include "engine/training_memory.h"

#include <ATen/ATen.h>

#include "engine/generator.h"
#include "engine/optimizer.h"
#include "engine/peak_memory.h"

namespace sshost::engine {
namespace {

constexpr uint64_t kSeed = 0;  // of the noise
constexpr int kSteps = 2;      // the optimiser's state is there from the second on

void train_step(Model& model, Optimizer& optimizer, const at::Tensor& images, const at::Tensor& labels, double rate) {
  model::ExecutionContext context(model.store, make_generator(model.store.device(), kSeed));
  context.training = true;
  context.learning_rate = context.base_learning_rate = rate;
  const model::TrainingStep step = model.segmentor->training_losses(context, images, labels);
  optimizer.zero_grad();
  step.loss().backward();
  optimizer.step(rate);
}

// From a fresh optimiser to its end, so that all that is allocated is freed again.
void train(Model& model, const config::OptimizerConfig& config, int64_t images, ImageSize size) {
  const at::Device device = model.store.device();
  const auto optimizer = make_optimizer(model.store, config, {});
  at::Generator noise = make_generator(at::kCPU, kSeed);
  const at::Tensor inputs =
      at::randn({images, 3, size.height, size.width}, noise, at::TensorOptions(at::kFloat)).to(device);
  const at::Tensor labels =
      at::randint(model.segmentor->classes(), {images, size.height, size.width}, noise, at::TensorOptions(at::kLong))
          .to(device);
  for (int i = 0; i < kSteps; ++i) train_step(model, *optimizer, inputs, labels, config.lr);
  optimizer->zero_grad();
}

int64_t peak_of_tensors(Model& model, const config::OptimizerConfig& config, int64_t images, ImageSize size) {
  return engine::peak_of_tensors(model.store.device(), [&] { train(model, config, images, size); });
}

}  // namespace

TrainingMemory estimate_training_memory(Model& model, const config::OptimizerConfig& config, ImageSize size) {
  const int64_t two = peak_of_tensors(model, config, 2, size);
  int64_t three = 0;
  const int64_t peak =
      measure_memory(model.store.device(), [&] { three = peak_of_tensors(model, config, 3, size); }).peak;
  const int64_t for_image = three - two;
  return {peak - 3 * for_image, for_image};
}

int64_t measure_training_memory(Model& model, const config::OptimizerConfig& config, int64_t images, ImageSize size) {
  return measure_memory(model.store.device(), [&] { train(model, config, images, size); }).peak;
}

}  // namespace sshost::engine
