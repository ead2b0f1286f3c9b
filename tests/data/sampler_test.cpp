#include "data/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sshost::data {
namespace {

TEST(Sampler, UnshuffledIsInOrder) { EXPECT_EQ(epoch_order(4, 9, 3, false), (std::vector<int64_t>{0, 1, 2, 3})); }

TEST(Sampler, ShuffledHoldsEverySampleOnce) {
  std::vector<int64_t> order = epoch_order(100, 1, 1, true);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, epoch_order(100, 1, 1, false));
}

TEST(Sampler, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(epoch_order(50, 1, 2, true), epoch_order(50, 1, 2, true));
  EXPECT_NE(epoch_order(50, 1, 2, true), epoch_order(50, 1, 3, true));
  EXPECT_NE(epoch_order(50, 1, 2, true), epoch_order(50, 2, 2, true));
}

// Written down, so that a resumed run of a later version goes on with the same samples.
TEST(Sampler, StaysTheSameFromVersionToVersion) {
  EXPECT_EQ(epoch_order(8, 42, 1, true), (std::vector<int64_t>{5, 1, 2, 0, 3, 4, 7, 6}));
}

}  // namespace
}  // namespace sshost::data
