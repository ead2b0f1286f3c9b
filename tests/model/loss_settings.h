#ifndef SSHOST_TESTS_MODEL_LOSS_SETTINGS_H
#define SSHOST_TESTS_MODEL_LOSS_SETTINGS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "model/losses.h"

namespace sshost::test {

struct HardPixels {
  double threshold = 0.7;
  std::int64_t min_kept = 100'000;
};

// What a test wants of a loss: all that any of them has.
struct LossSettings {
  std::string type = "cross_entropy";
  double weight = 1;
  std::vector<double> class_weights = {};
  std::optional<HardPixels> hard_pixels = {};
  double gamma = 2;
  double smoothing = 0.1;
  double smooth = 1;
  bool per_image = false;
  std::vector<double> positive_weights = {};
  double false_positives = 0.3;
  double false_negatives = 0.7;
};

// As a pipeline has it: those of the options that the type has.
config::LossConfig loss_config(const LossSettings& settings);

inline model::Loss make_loss(const LossSettings& settings, const model::Outputs& outputs) {
  return {loss_config(settings), outputs};
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MODEL_LOSS_SETTINGS_H
