#ifndef SSHOST_INFER_PRECISION_H
#define SSHOST_INFER_PRECISION_H

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "state/precision.h"
#include "state/prepared.h"
#include "state/state_store.h"

namespace sshost::infer {

// What a model is run in, and where the machine has no unit for that, what it means: a sentence for the log.
struct ChosenPrecision {
  state::Precision precision = state::Precision::kFloat32;
  std::string warning = {};
  std::vector<state::Precision> candidates = {};  // with `auto`: those among which fastest_precision chooses
};

// As the pipeline writes it.
std::string name_of(state::Precision precision);

// As evaluate.precision says of a model with its weights. Throws UsageError for int8 where the weights are not
// quantised.
ChosenPrecision choose_precision(const config::EvaluateConfig& config, const state::StateStore& store);

// With `auto`, the least share of pixels whose class is that of float32.
inline constexpr double kSamePixels = 0.999;

// The fastest of the candidates, float32 among them, that decides as float32 does on kSamePixels of the pixels.
// `decisions` computes in a precision, in the place for prepared weights that it is given, and gives a decision for each
// pixel; it is called twice for each candidate, and the second time counts.
state::Precision fastest_precision(
    const std::vector<state::Precision>& candidates,
    const std::function<at::Tensor(state::Precision, state::Prepared& prepared)>& decisions);

}  // namespace sshost::infer

#endif  // SSHOST_INFER_PRECISION_H
