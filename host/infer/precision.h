#ifndef SSHOST_INFER_PRECISION_H
#define SSHOST_INFER_PRECISION_H

#include <string>

#include "config/pipeline.h"
#include "state/precision.h"
#include "state/state_store.h"

namespace sshost::infer {

// What a model is run in, and where the machine has no unit for that, what it means: a sentence for the log.
struct ChosenPrecision {
  state::Precision precision = state::Precision::kFloat32;
  std::string warning = {};
};

// As evaluate.precision says of a model with its weights. Throws UsageError for int8 where the weights are not
// quantised.
ChosenPrecision choose_precision(const config::EvaluateConfig& config, const state::StateStore& store);

}  // namespace sshost::infer

#endif  // SSHOST_INFER_PRECISION_H
