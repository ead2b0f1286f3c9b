#include "data/photometric_distortion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <set>

#include "base/error.h"
#include "data/normalize.h"
#include "data/samples.h"

namespace sshost::data {
namespace {

constexpr int kDraws = 2000;
constexpr std::pair<double, double> kSame{1, 1};

// Options with which nothing happens.
PhotometricDistortionOptions nothing() { return {0, kSame, kSame, 0}; }

cv::Vec3b distorted(const PhotometricDistortionOptions& options, cv::Vec3b color, uint64_t seed) {
  Sample sample{cv::Mat(1, 1, CV_8UC3, cv::Scalar(color[0], color[1], color[2])), {}, ""};
  Random random(seed);
  PhotometricDistortion(options).apply(sample, random);
  return sample.image.at<cv::Vec3b>(0, 0);
}

TEST(PhotometricDistortion, BrightnessIsAddedToHalfOfTheImages) {
  PhotometricDistortionOptions options = nothing();
  options.brightness_delta = 32;
  int changed = 0;
  double sum = 0;
  double squares = 0;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    const cv::Vec3b color = distorted(options, {100, 100, 100}, seed);
    ASSERT_TRUE(color[0] == color[1] && color[1] == color[2]);
    ASSERT_GE(color[0], 68);
    ASSERT_LE(color[0], 131);
    if (color[0] == 100) continue;
    ++changed;
    sum += color[0] + 0.5 - 100;  // truncation takes half a step on average
    squares += std::pow(color[0] + 0.5 - 100, 2);
  }
  EXPECT_NEAR(changed, kDraws * 0.5 * 63 / 64, 100);  // one of 64 draws truncates to the same
  EXPECT_NEAR(sum / changed, 0, 2.5);
  EXPECT_NEAR(std::sqrt(squares / changed), 64 / std::sqrt(12.0), 1.5);  // of a uniform draw
}

TEST(PhotometricDistortion, ContrastMultipliesAndCuts) {
  PhotometricDistortionOptions options = nothing();
  options.contrast_range = {1.5, 1.5};
  std::map<int, int> found;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    const cv::Vec3b color = distorted(options, {101, 101, 200}, seed);
    ASSERT_EQ(color[2], color[0] == 101 ? 200 : 255);
    ++found[color[0]];
  }
  EXPECT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[101], kDraws / 2, 100);
  EXPECT_NEAR(found[151], kDraws / 2, 100);  // 151.5, truncated
}

TEST(PhotometricDistortion, SaturationMovesColoursTowardsTheirLargestChannel) {
  PhotometricDistortionOptions options = nothing();
  options.saturation_range = {0.5, 0.5};
  int changed = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const cv::Vec3b color = distorted(options, {200, 100, 40}, seed);
    if (color == cv::Vec3b(200, 100, 40)) continue;
    ++changed;
    EXPECT_NEAR(color[0], 200, 1);  // max - (max - value) * factor
    EXPECT_NEAR(color[1], 150, 2);
    EXPECT_NEAR(color[2], 120, 2);
  }
  EXPECT_NEAR(changed, 200, 60);
}

TEST(PhotometricDistortion, HueTurnsByWholeNumbersAsTheBgrRecipesTurnIt) {
  PhotometricDistortionOptions options = nothing();
  options.hue_delta = 18;
  std::set<int> turns;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    const cv::Mat color(1, 1, CV_8UC3, distorted(options, {255, 0, 0}, seed));
    cv::Mat hsv;
    cv::cvtColor(color, hsv, cv::COLOR_RGB2HSV);
    EXPECT_EQ(hsv.at<cv::Vec3b>(0, 0)[2], 255);
    const int hue = hsv.at<cv::Vec3b>(0, 0)[0];
    turns.insert(hue < 90 ? hue : hue - 180);
  }
  EXPECT_EQ(turns.size(), 36U);
  EXPECT_EQ(*turns.begin(), -17);  // +17 of the swapped colours
  EXPECT_EQ(*turns.rbegin(), 18);
}

TEST(PhotometricDistortion, ContrastComesBeforeOrBehindTheOthers) {
  PhotometricDistortionOptions options = nothing();
  options.contrast_range = {1.5, 1.5};
  options.saturation_range = {0.5, 0.5};
  int before = 0;
  int behind = 0;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    const cv::Vec3b color = distorted(options, {200, 100, 100}, seed);
    if (color[0] < 250 || color[1] == 150) continue;  // not both
    // before: (255, 150, 150), then halfway to 255; behind: (200, 150, 150), then times 1.5.
    ++(std::abs(color[1] - 203) < std::abs(color[1] - 225) ? before : behind);
  }
  EXPECT_NEAR(before, kDraws / 8, 60);
  EXPECT_NEAR(behind, kDraws / 8, 60);
}

TEST(PhotometricDistortion, LeavesLabelsAndSharedPixelsAlone) {
  const Sample before = located_sample(20, 30);
  const cv::Mat copy = before.image.clone();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Sample sample = before;
    Random random(seed);
    PhotometricDistortion({}).apply(sample, random);
    EXPECT_TRUE(equal(sample.label, before.label));
  }
  EXPECT_TRUE(equal(before.image, copy));
}

TEST(PhotometricDistortion, SaysWhereItBelongs) {
  Sample sample = located_sample(2, 2);
  Random random(0);
  Normalize({}).apply(sample, random);
  EXPECT_THROW(PhotometricDistortion({}).apply(sample, random), Error);
}

}  // namespace
}  // namespace sshost::data
