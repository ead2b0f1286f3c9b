#include "measure/one_image.h"

#include "base/error.h"
#include "measure/noise_steps.h"

namespace sshost::measure {
namespace {

// What a step with so many images throws; empty where it works.
std::string failure_with(int64_t images, run::Model& model, config::TrainConfig config) {
  constexpr int64_t kSide = 128;  // the coarsest map that is not pooled has more than one pixel
  config.accumulate = 1;
  config.precision = "float32";
  try {
    run_noise_steps(model, config, {images, model.segmentor->in_channels(), {kSide, kSide}, 1});
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

std::optional<std::string> reason_against_one_image(run::Model& model, const config::TrainConfig& config) {
  const std::string with_one = failure_with(1, model, config);
  if (with_one.empty() || !failure_with(2, model, config).empty()) return std::nullopt;
  return with_one;
}

}  // namespace sshost::measure
