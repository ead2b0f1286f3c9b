#include "infer/precision.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/eq.h>

#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/seconds_since.h"
#include "layer/kernel/int8_conv.h"
#include "layer/kernel/vendor_conv.h"

namespace sshost::infer {
namespace {

ChosenPrecision int8(const state::StateStore& store) {
  const std::string instead = "; the model's int8 weights are computed with in float32";
  if (!store.device().is_cpu()) return {state::Precision::kFloat32, "int8 is for the CPU" + instead};
  if (layer::kernel::has_int8_conv()) return {state::Precision::kInt8, {}};
  return {state::Precision::kFloat32, "this machine has no unit for int8 (AVX-512 VNNI or AVX-VNNI)" + instead};
}

ChosenPrecision bfloat16(const state::StateStore& store) {
  const std::string instead = "; the model is computed in float32";
  if (!store.device().is_cpu()) return {state::Precision::kFloat32, "bfloat16 is for the CPU" + instead};
  if (!layer::kernel::has_bfloat16_conv()) {
    return {state::Precision::kFloat32, "this machine does not compute in bfloat16 (AVX-512)" + instead};
  }
  if (layer::kernel::has_bfloat16_unit()) return {state::Precision::kBfloat16, {}};
  return {state::Precision::kBfloat16,
          "this machine has no unit for bfloat16 (AVX512_BF16, AMX): it is slower than float32"};
}

// Those for which the machine has a unit.
ChosenPrecision fastest(const state::StateStore& store) {
  ChosenPrecision chosen;
  chosen.candidates.push_back(state::Precision::kFloat32);
  if (!store.device().is_cpu()) return chosen;
  if (layer::kernel::has_bfloat16_conv() && layer::kernel::has_bfloat16_unit()) {
    chosen.candidates.push_back(state::Precision::kBfloat16);
  }
  if (store.quantisation() && layer::kernel::has_int8_conv()) chosen.candidates.push_back(state::Precision::kInt8);
  return chosen;
}

struct Trial {
  at::Tensor decisions;
  double seconds;
};

Trial tried(state::Precision precision,
            const std::function<at::Tensor(state::Precision, state::Prepared& prepared)>& decisions) {
  state::Prepared prepared;
  decisions(precision, prepared);  // prepares the weights
  const auto begin = std::chrono::steady_clock::now();
  at::Tensor decided = decisions(precision, prepared);
  return {std::move(decided), seconds_since(begin)};
}

}  // namespace

std::string name_of(state::Precision precision) {
  switch (precision) {
    case state::Precision::kFloat32:
      return "float32";
    case state::Precision::kBfloat16:
      return "bfloat16";
    case state::Precision::kInt8:
      return "int8";
  }
  return {};
}

state::Precision fastest_precision(
    const std::vector<state::Precision>& candidates,
    const std::function<at::Tensor(state::Precision, state::Prepared& prepared)>& decisions) {
  if (candidates.size() == 1) return candidates.front();
  const Trial exact = tried(state::Precision::kFloat32, decisions);
  state::Precision best = state::Precision::kFloat32;
  double least = exact.seconds;
  for (const state::Precision candidate : candidates) {
    if (candidate == state::Precision::kFloat32) continue;
    const Trial found = tried(candidate, decisions);
    const double same = found.decisions.eq(exact.decisions).to(at::kDouble).mean().item<double>();
    if (same < kSamePixels || found.seconds >= least) continue;
    least = found.seconds;
    best = candidate;
  }
  return best;
}

ChosenPrecision choose_precision(const config::EvaluateConfig& config, const state::StateStore& store) {
  const bool is_quantised = store.quantisation() != nullptr;
  const std::string wanted = config.precision.value_or(is_quantised ? "int8" : "float32");
  if (wanted == "float32") return {};
  if (wanted == "bfloat16") return bfloat16(store);
  if (wanted == "auto") return fastest(store);
  if (is_quantised) return int8(store);
  throw UsageError(
      "evaluate.precision: int8 needs a checkpoint that `sshost quantize` wrote, found a model that is not quantised");
}

}  // namespace sshost::infer
