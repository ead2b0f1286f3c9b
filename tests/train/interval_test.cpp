#include "train/interval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace sshost::train {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int64_t> due_steps(const Interval& interval, int64_t steps) {
  std::vector<int64_t> due;
  for (int64_t step = 0; step <= steps; ++step) {
    if (interval.is_due(step)) due.push_back(step);
  }
  return due;
}

TEST(Interval, OfStepsIsDueAtTheirMultiples) {
  EXPECT_THAT(due_steps(Interval::of_steps(3), 9), ElementsAre(3, 6, 9));
  EXPECT_THAT(due_steps(Interval::of_steps(0), 9), IsEmpty());
}

TEST(Interval, OfEpochsIsDueInTheStepInWhichOneEnds) {
  EXPECT_THAT(due_steps(Interval::of_epochs(1, 5, 1), 10), ElementsAre(5, 10));
  // Three batches an epoch, two a step: epochs end with the batches 3, 6, 9 and 12.
  EXPECT_THAT(due_steps(Interval::of_epochs(1, 3, 2), 6), ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(due_steps(Interval::of_epochs(2, 3, 2), 6), ElementsAre(3, 6));
}

TEST(Interval, IsDueOnceWhereAStepTakesSeveralEpochs) {
  EXPECT_THAT(due_steps(Interval::of_epochs(1, 2, 6), 2), ElementsAre(1, 2));
}

}  // namespace
}  // namespace sshost::train
