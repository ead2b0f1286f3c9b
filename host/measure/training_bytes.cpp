#include "measure/training_bytes.h"

#include <algorithm>

#include "measure/noise_steps.h"
#include "measure/peak_bytes.h"

namespace sshost::measure {
namespace {

// An estimated step runs so many of its batches at most: further ones take no more than the second, which finds the
// gradients of the first.
constexpr int64_t kEstimatedBatches = 2;

}  // namespace

TrainingMemory estimate_training_memory(run::Model& model, const config::TrainConfig& config, infer::ImageSize size) {
  const at::Device device = model.store.device();
  const auto peak_of = [&](int64_t images) {
    const Load load{images, model.segmentor->in_channels(), size, std::min(config.accumulate, kEstimatedBatches)};
    return peak_of_tensors(device, [&] { run_noise_steps(model, config, load); });
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
  return measure_memory(model.store.device(), [&] { run_noise_steps(model, config, load); }).peak;
}

}  // namespace sshost::measure
