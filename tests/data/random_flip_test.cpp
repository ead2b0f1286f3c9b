#include "data/random_flip.h"

#include <gtest/gtest.h>

#include "data/samples.h"

namespace sshost::data {
namespace {

TEST(RandomFlip, MirrorsImageAndLabel) {
  Sample sample = located_sample(2, 5);
  Random random(1);
  RandomFlip({1.0, {}}).apply(sample, random);
  for (int column = 0; column < 5; ++column) {
    EXPECT_EQ(sample.image.at<cv::Vec3b>(1, column), cv::Vec3b(static_cast<uint8_t>(4 - column), 1, 0));
    EXPECT_EQ(sample.label.at<int32_t>(1, column), 4 - column);
  }
}

TEST(RandomFlip, SwapsLeftAndRightClassesAndNothingElse) {
  Sample sample = labelled_sample((cv::Mat_<int32_t>(1, 5) << 0, 1, 2, 255, -1));
  Random random(1);
  RandomFlip({1.0, {0, 2, 1}}).apply(sample, random);
  EXPECT_TRUE(equal(sample.label, (cv::Mat_<int32_t>(1, 5) << -1, 255, 1, 2, 0)));
}

TEST(RandomFlip, TwiceGivesTheSampleBack) {
  const Sample before = located_sample(7, 9);
  Sample sample = before;
  Random random(1);
  const RandomFlip flip({1.0, {0, 3, 2, 1, 4}});
  flip.apply(sample, random);
  EXPECT_FALSE(equal(sample.label, before.label));
  flip.apply(sample, random);
  EXPECT_TRUE(equal(sample.image, before.image));
  EXPECT_TRUE(equal(sample.label, before.label));
}

TEST(RandomFlip, HappensAsOftenAsItsProbability) {
  const Sample before = located_sample(2, 3);
  int flipped = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Sample sample = before;
    Random random(seed);
    RandomFlip({0.25, {}}).apply(sample, random);
    flipped += !equal(sample.label, before.label);
  }
  EXPECT_NEAR(flipped, 250, 50);
}

TEST(RandomFlip, LeavesPixelsThatOthersShareAlone) {
  Sample sample = located_sample(2, 3);
  const cv::Mat shared = sample.label;
  const cv::Mat copy = shared.clone();
  Random random(1);
  RandomFlip({1.0, {1, 0, 2}}).apply(sample, random);
  EXPECT_TRUE(equal(shared, copy));
}

TEST(RandomFlip, MirrorsEveryClassOfASet) {
  Sample sample = located_sample(1, 4);
  sample.label = (cv::Mat_<int32_t>(1, 4) << 0b000, 0b011, 0b100, -1);
  Random random(1);
  RandomFlip({1.0, {0, 2, 1}, true}).apply(sample, random);
  EXPECT_TRUE(equal(sample.label, (cv::Mat_<int32_t>(1, 4) << -1, 0b010, 0b101, 0b000)));
}

}  // namespace
}  // namespace sshost::data
