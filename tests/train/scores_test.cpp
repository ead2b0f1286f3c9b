#include "train/scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sshost::train {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scores scores_of(const std::vector<double>& values) {
  Scores scores;
  for (const double value : values) scores.push_back({10 * (static_cast<int64_t>(scores.size()) + 1), value});
  return scores;
}

TEST(BestSteps, AreThoseOfTheHighestScoresTheEarlierFirst) {
  const Scores scores = scores_of({0.2, 0.5, 0.1, 0.5, 0.3});
  EXPECT_THAT(best_steps(scores, 3), ElementsAre(20, 40, 50));
  EXPECT_THAT(best_steps(scores, 9), ElementsAre(20, 40, 50, 10, 30));
  EXPECT_THAT(best_steps(scores, 0), IsEmpty());
  EXPECT_THAT(best_steps(scores_of({NAN, 0.1}), 2), ElementsAre(20));
}

TEST(HasStalled, CountsEvaluationsWithoutAnImprovement) {
  EXPECT_FALSE(has_stalled({}, {.patience = 1}));
  EXPECT_FALSE(has_stalled(scores_of({0.1}), {.patience = 1}));
  EXPECT_FALSE(has_stalled(scores_of({0.1, 0.2}), {.patience = 1}));
  EXPECT_TRUE(has_stalled(scores_of({0.1, 0.2, 0.2}), {.patience = 1}));
  EXPECT_FALSE(has_stalled(scores_of({0.3, 0.2, 0.1}), {.patience = 3}));
  EXPECT_TRUE(has_stalled(scores_of({0.3, 0.2, 0.1, 0.3}), {.patience = 3}));
  EXPECT_FALSE(has_stalled(scores_of({0.3, 0.2, 0.1, 0.4}), {.patience = 3}));
  EXPECT_TRUE(has_stalled(scores_of({0.3, NAN, NAN}), {.patience = 2}));
}

TEST(HasStalled, AnImprovementIsMeasuredFromTheBestSoFar) {
  EXPECT_TRUE(has_stalled(scores_of({0.10, 0.14, 0.18}), {.patience = 2, .min_improvement = 0.05}));
  EXPECT_FALSE(has_stalled(scores_of({0.10, 0.14, 0.20}), {.patience = 2, .min_improvement = 0.05}));
}

}  // namespace
}  // namespace sshost::train
