#ifndef SSHOST_TRAIN_SCORES_H
#define SSHOST_TRAIN_SCORES_H

#include <cstdint>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/pipeline.h"

namespace sshost::train {

// What follows from the scores of a training's evaluations, in the order in which they were made.
using Scores = std::vector<checkpoint::Score>;

// The steps with the `count` highest mean IoUs, the best first; of equal ones the earlier. Scores that are not a number
// are left out.
std::vector<int64_t> best_steps(Scores scores, int64_t count);

// Whether the last `patience` evaluations each failed to exceed the highest mean IoU before them by more than
// `min_improvement`.
bool has_stalled(const Scores& scores, const config::EarlyStoppingConfig& config);

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_SCORES_H
