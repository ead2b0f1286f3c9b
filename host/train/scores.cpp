#include "train/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sshost::train {

std::vector<int64_t> best_steps(Scores scores, int64_t count) {
  std::erase_if(scores, [](const checkpoint::Score& score) { return std::isnan(score.mean_iou); });
  std::stable_sort(scores.begin(), scores.end(), [](const checkpoint::Score& one, const checkpoint::Score& other) {
    return one.mean_iou > other.mean_iou;
  });
  std::vector<int64_t> steps;
  for (const checkpoint::Score& score : scores) {
    if (static_cast<int64_t>(steps.size()) == count) break;
    steps.push_back(score.step);
  }
  return steps;
}

bool has_stalled(const Scores& scores, const config::EarlyStoppingConfig& config) {
  double best = -std::numeric_limits<double>::infinity();
  int64_t without = 0;
  for (const checkpoint::Score& score : scores) {
    without = score.mean_iou > best + config.min_improvement ? 0 : without + 1;
    if (score.mean_iou > best) best = score.mean_iou;
  }
  return without >= config.patience;
}

}  // namespace sshost::train
