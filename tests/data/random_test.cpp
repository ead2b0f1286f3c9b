#include "data/random.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace sshost::data {
namespace {

TEST(Random, IsSplitMix64) {
  Random random(0);
  EXPECT_EQ(random.next(), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(random.next(), 0x6E789E6AA1B965F4U);
}

TEST(Random, BelowReachesEveryNumberOfItsRangeAndNoOther) {
  Random random(7);
  std::vector<int> seen(5, 0);
  for (int i = 0; i < 5000; ++i) ++seen.at(static_cast<size_t>(random.below(5)));
  for (int count : seen) EXPECT_NEAR(count, 1000, 150);
}

TEST(Random, UniformIsInZeroToOneWithMeanOneHalf) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

TEST(Random, SampleStreamsDifferBySeedEpochIndexAndPurpose) {
  std::set<uint64_t> first;
  for (uint64_t seed : {0, 1}) {
    for (int64_t epoch : {1, 2}) {
      for (int64_t index : {0, 1, 2}) {
        for (Stream stream : {Stream::kOrder, Stream::kRead, Stream::kTransform}) {
          first.insert(make_random(seed, epoch, index, stream).next());
        }
      }
    }
  }
  EXPECT_EQ(first.size(), 2U * 2 * 3 * 3);
  EXPECT_EQ(make_random(5, 6, 7, Stream::kRead).next(), make_random(5, 6, 7, Stream::kRead).next());
}

}  // namespace
}  // namespace sshost::data
