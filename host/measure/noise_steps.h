#ifndef SSHOST_MEASURE_NOISE_STEPS_H
#define SSHOST_MEASURE_NOISE_STEPS_H

#include <cstdint>

#include "config/pipeline.h"
#include "infer/inference.h"
#include "run/model.h"

namespace sshost::measure {

// What a step is fed with.
struct Load {
  int64_t images = 0;    // of a batch
  int64_t channels = 3;  // of an image
  infer::ImageSize size;
  int64_t batches_run = 0;
};

// The trainer's own steps (gradient_step.h) on noise, from a fresh optimiser to its end, so that all that is allocated is
// freed again. The model is trained by them. Throws what they throw.
void run_noise_steps(run::Model& model, const config::TrainConfig& config, const Load& load);

}  // namespace sshost::measure

#endif  // SSHOST_MEASURE_NOISE_STEPS_H
