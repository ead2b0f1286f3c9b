// Fixtures of what a model predicts: forward and inference.
#ifndef SSHOST_TESTS_PARITY_PREDICTION_H
#define SSHOST_TESTS_PARITY_PREDICTION_H

#include <vector>

#include "config/pipeline.h"
#include "data/sample.h"
#include "parity/difference.h"
#include "parity/fixture.h"
#include "run/model.h"

namespace sshost::parity {

// As the reference's README asks.
inline constexpr double kLogitsTolerance = 1e-4;
inline constexpr double kArgmaxShare = 0.999;

// Both fill the model's state first.

// The logits of one deterministic image.
Difference run_forward(run::Model& model, const Fixture& fixture);

// The mean over the views that the metadata asks for, and its arg max at every pixel. `classes` are for mirror images.
// Whether probabilities are averaged is the pipeline's word where the metadata does not tell.
Difference run_inference(run::Model& model, const Fixture& fixture, const std::vector<data::Class>& classes,
                         const config::EvaluateConfig& pipeline);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_PREDICTION_H
