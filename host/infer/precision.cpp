#include "infer/precision.h"

#include "base/error.h"
#include "layer/kernel/int8_conv.h"

namespace sshost::infer {
namespace {

ChosenPrecision int8(const state::StateStore& store) {
  const std::string instead = "; the model's int8 weights are computed with in float32";
  if (!store.device().is_cpu()) return {state::Precision::kFloat32, "int8 is for the CPU" + instead};
  if (layer::kernel::has_int8_conv()) return {state::Precision::kInt8, {}};
  return {state::Precision::kFloat32, "this machine has no unit for int8 (AVX-512 VNNI or AVX-VNNI)" + instead};
}

}  // namespace

ChosenPrecision choose_precision(const config::EvaluateConfig& config, const state::StateStore& store) {
  const bool is_quantised = store.quantisation() != nullptr;
  const std::string wanted = config.precision.value_or(is_quantised ? "int8" : "float32");
  if (wanted == "float32") return {};
  if (is_quantised) return int8(store);
  throw UsageError(
      "evaluate.precision: int8 needs a checkpoint that `sshost quantize` wrote, found a model that is not quantised");
}

}  // namespace sshost::infer
