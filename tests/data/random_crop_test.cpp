#include "data/random_crop.h"

#include <gtest/gtest.h>

#include "data/pad.h"
#include "data/samples.h"

namespace sshost::data {
namespace {

constexpr int kIgnored = 255;

// Class 0 on the left half, class 1 on the right.
Sample halves() {
  cv::Mat label(100, 100, CV_32S, cv::Scalar(0));
  label.colRange(50, 100).setTo(1);
  return labelled_sample(label);
}

double share_of_ones(const cv::Mat& label) { return cv::countNonZero(label == 1) / static_cast<double>(label.total()); }

// How many of 300 crops of 40x40 have less than 75 % of one class.
int balanced_crops(double max_class_ratio) {
  const RandomCrop crop({{40, 40}, max_class_ratio, 2});
  int balanced = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Sample sample = halves();
    Random random(seed);
    crop.apply(sample, random);
    EXPECT_EQ(sample.image.size(), cv::Size(40, 40));
    EXPECT_EQ(sample.label.size(), cv::Size(40, 40));
    const double share = share_of_ones(sample.label);
    balanced += share > 0.25 && share < 0.75;
  }
  return balanced;
}

TEST(RandomCrop, TriesAgainUntilNoClassPrevails) {
  EXPECT_GT(balanced_crops(0.75), 280);  // a third of all places is good: ten tries find one in 98 %
  EXPECT_LT(balanced_crops(1.0), 150);
}

TEST(RandomCrop, ImageAndLabelStayTogether) {
  Sample sample = located_sample(60, 80);
  Random random(4);
  RandomCrop({{30, 20}, 0.75, 80}).apply(sample, random);
  ASSERT_EQ(sample.image.size(), cv::Size(30, 20));
  for (int row = 0; row < 20; ++row) {
    for (int column = 0; column < 30; ++column) {
      ASSERT_EQ(sample.image.at<cv::Vec3b>(row, column)[0], sample.label.at<int32_t>(row, column));
    }
  }
}

TEST(RandomCrop, ReachesEveryCorner) {
  bool first = false, last = false;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Sample sample = located_sample(12, 12);
    Random random(seed);
    RandomCrop({{10, 10}, 1, 12}).apply(sample, random);
    const cv::Vec3b corner = sample.image.at<cv::Vec3b>(0, 0);
    first |= corner[0] == 0 && corner[1] == 0;
    last |= corner[0] == 2 && corner[1] == 2;
  }
  EXPECT_TRUE(first);
  EXPECT_TRUE(last);
}

TEST(RandomCrop, KeepsTheTenthWhereOneClassIsEverywhere) {
  Sample sample = labelled_sample(cv::Mat(50, 50, CV_32S, cv::Scalar(1)));
  Random random(2);
  RandomCrop({{20, 20}, 0.75, 2}).apply(sample, random);
  EXPECT_EQ(sample.image.size(), cv::Size(20, 20));
  Random ten_tries(2);
  for (int draw = 0; draw < 20; ++draw) ten_tries.below(31);
  EXPECT_EQ(random.next(), ten_tries.next());
}

TEST(RandomCrop, IgnoredPixelsDoNotCountAsAClass) {
  cv::Mat label(50, 50, CV_32S, cv::Scalar(1));
  label.colRange(0, 25).setTo(kIgnored);
  Sample sample = labelled_sample(label);
  Random random(2);
  RandomCrop({{50, 50}, 0.75, 2}).apply(sample, random);
  Random ten_tries(2);
  for (int draw = 0; draw < 20; ++draw) ten_tries.below(1);
  EXPECT_EQ(random.next(), ten_tries.next());
}

TEST(RandomCrop, WithoutAValidPixelTheMiddleIsCutOut) {
  Sample sample = located_sample(50, 61);
  sample.label.setTo(kIgnored);
  Random random(2);
  RandomCrop({{20, 20}, 0.75, 2}).apply(sample, random);
  ASSERT_EQ(sample.image.size(), cv::Size(20, 20));
  EXPECT_EQ(sample.label.size(), cv::Size(20, 20));
  EXPECT_EQ(sample.image.at<cv::Vec3b>(0, 0), cv::Vec3b(21, 15, 0));
}

// What published code makes of such an image: it goes on whole, for the padding to cut.
TEST(RandomCrop, TheMiddleIsWhatPaddingWouldCutOut) {
  for (const int width : {60, 61, 15}) {
    Sample cropped = located_sample(50, width);
    cropped.label.setTo(kIgnored);
    Sample whole = cropped;
    Random random(2);
    RandomCrop({{20, 20}, 0.75, 2}).apply(cropped, random);
    const Pad pad({{20, 20}, kIgnored});
    pad.apply(cropped, random);
    pad.apply(whole, random);
    EXPECT_TRUE(equal(cropped.image, whole.image)) << width;
  }
}

TEST(RandomCrop, ASmallerImageKeepsItsSide) {
  Sample sample = located_sample(10, 100);
  Random random(2);
  RandomCrop({{30, 30}, 0.75, 100}).apply(sample, random);
  EXPECT_EQ(sample.image.size(), cv::Size(30, 10));
}

TEST(RandomCrop, NeedsNoLabel) {
  Sample sample = located_sample(50, 50);
  sample.label = cv::Mat();
  Random random(2);
  RandomCrop({{30, 30}, 0.75, 2}).apply(sample, random);
  EXPECT_EQ(sample.image.size(), cv::Size(30, 30));
}

}  // namespace
}  // namespace sshost::data
