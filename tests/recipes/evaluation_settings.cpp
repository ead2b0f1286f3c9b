#include "recipes/comparison.h"

namespace sshost::recipes {

void compare_evaluation(Comparison& comparison) {
  comparison.equal("/inference/forward/mode", "evaluate.mode");
  comparison.equal("/inference/forward/cropsize", "evaluate.crop_size");
  comparison.equal("/inference/forward/stride", "evaluate.stride");
  comparison.equal("/inference/tta/multiscale", "evaluate.scales");
  comparison.equal("/inference/tta/flip", "evaluate.flip");
  comparison.follows("/inference/tta/use_probs_before_resize", comparison.ours("evaluate.average") == "probabilities",
                     "evaluate.average is probabilities");
}

}  // namespace sshost::recipes
