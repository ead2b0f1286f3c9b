#ifndef SSHOST_MEASURE_TRAINING_BYTES_H
#define SSHOST_MEASURE_TRAINING_BYTES_H

#include <cstdint>

#include "config/pipeline.h"
#include "infer/inference.h"
#include "run/model.h"

namespace sshost::measure {

// What a training takes at its peak, which grows with the images of a batch. Where a step adds up the gradients of
// several batches, it is that of one of them, beside the others' images and labels.
struct TrainingMemory {
  int64_t constant = 0;   // bytes: program, weights and their average, gradients, optimiser, workspaces
  int64_t for_image = 0;  // bytes: what the forward keeps for the backward, most of all

  int64_t expected(int64_t images) const { return constant + images * for_image; }
};

// Expected from the trainer's own steps (gradient_step.h) with batches of two and of three images (one alone is too few
// for a batch norm behind a global pooling): what an image adds is the difference of their tensors, to which the rest
// of the process does not lend its noise, and what is constant the rest of what the step with three took. The model is
// trained by them, on noise. `config` tells accumulate, precision, ema and the optimiser; throws UsageError as
// GradientStep.
TrainingMemory estimate_training_memory(run::Model& model, const config::TrainConfig& config, infer::ImageSize size);

// Runs steps with batches of `images` images of noise, and gives the peak in bytes, as measure_memory counts. The model
// is trained by them.
int64_t measure_training_memory(run::Model& model, const config::TrainConfig& config, int64_t images,
                                infer::ImageSize size);

}  // namespace sshost::measure

#endif  // SSHOST_MEASURE_TRAINING_BYTES_H
