#include "data/random_rotation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "data/samples.h"

namespace sshost::data {
namespace {

constexpr int kRows = 61;
constexpr int kColumns = 80;
constexpr int kIgnored = -7;

// A label that says where each pixel is, and an image with a slope of 2 along its columns.
Sample marked_sample() {
  Sample sample{cv::Mat(kRows, kColumns, CV_8UC3), cv::Mat(kRows, kColumns, CV_32S), "marked"};
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      sample.label.at<int32_t>(y, x) = 1000 * y + x;
      sample.image.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uint8_t>(40 + 2 * x));
    }
  }
  return sample;
}

Sample rotated(Sample sample, const RandomRotationOptions& options, uint64_t seed) {
  Random random(seed);
  RandomRotation(options).apply(sample, random);
  return sample;
}

// Where the pixel (x, y) of a picture that was turned by `degrees`, counter-clockwise around its middle, came from.
cv::Point2d origin(int x, int y, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double dx = x - kColumns / 2.0;
  const double dy = y - kRows / 2.0;
  return {kColumns / 2.0 + std::cos(angle) * dx - std::sin(angle) * dy,
          kRows / 2.0 + std::sin(angle) * dx + std::cos(angle) * dy};
}

bool within(cv::Point2d at, double margin) {
  return at.x >= margin && at.y >= margin && at.x <= kColumns - 1 - margin && at.y <= kRows - 1 - margin;
}

// How far the worst pixel's label is from the one that belongs there; infinite where it is ignored and should not be.
double worst_label(const cv::Mat& label, double degrees) {
  double worst = 0;
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const cv::Point2d from = origin(x, y, degrees);
      const int32_t found = label.at<int32_t>(y, x);
      if (found == kIgnored && within(from, -0.4)) return HUGE_VAL;
      if (found == kIgnored) continue;
      worst = std::max({worst, std::abs(found % 1000 - from.x), std::abs(found / 1000 - from.y)});
    }
  }
  return worst;
}

// The whole number of degrees that explains the label best.
int angle_of(const cv::Mat& label) {
  int best = 0;
  for (int degrees = -35; degrees <= 35; ++degrees) {
    if (worst_label(label, degrees) < worst_label(label, best)) best = degrees;
  }
  return best;
}

TEST(RandomRotation, TakesEachLabelFromTheNearestPixel) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const cv::Mat label = rotated(marked_sample(), {1, 30, kIgnored}, seed).label;
    EXPECT_LE(worst_label(label, angle_of(label)), 0.52);
  }
}

TEST(RandomRotation, DrawsWholeNumbersOfDegreesFromItsRange) {
  std::set<int> angles;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    angles.insert(angle_of(rotated(marked_sample(), {1, 3, kIgnored}, seed).label));
  }
  EXPECT_EQ(angles, (std::set<int>{-3, -2, -1, 0, 1, 2}));
}

TEST(RandomRotation, ImagesFollowASlope) {
  const Sample sample = rotated(marked_sample(), {1, 30, kIgnored}, 3);
  const int degrees = angle_of(sample.label);
  ASSERT_NE(degrees, 0);
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const cv::Point2d from = origin(x, y, degrees);
      if (!within(from, 3)) continue;
      EXPECT_NEAR(sample.image.at<cv::Vec3b>(y, x)[1], 40 + 2 * from.x, 1);
    }
  }
}

TEST(RandomRotation, ImagesAreBicubicWithBlackAround) {
  Sample sample = marked_sample();
  sample.image.setTo(cv::Scalar::all(128));
  sample.image.at<cv::Vec3b>(kRows / 2, kColumns / 2) = {255, 255, 255};
  const cv::Mat image = rotated(sample, {1, 30, kIgnored}, 3).image;
  int undershoot = 255;
  for (int y = kRows / 2 - 4; y < kRows / 2 + 4; ++y) {
    for (int x = kColumns / 2 - 4; x < kColumns / 2 + 4; ++x) {
      undershoot = std::min<int>(undershoot, image.at<cv::Vec3b>(y, x)[0]);
    }
  }
  EXPECT_LT(undershoot, 128);  // which linear interpolation never has
  EXPECT_EQ(image.at<cv::Vec3b>(0, 0), cv::Vec3b(0, 0, 0));
}

TEST(RandomRotation, HappensAsOftenAsItsProbability) {
  const Sample before = marked_sample();
  int turned = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    turned += !equal(rotated(before, {0.6, 30, kIgnored}, seed).label, before.label);
  }
  EXPECT_NEAR(turned, 600 * 59 / 60, 60);  // one of 60 angles is none
}

TEST(RandomRotation, WorksWithoutALabelAndOnAPartOfAnImage) {
  Sample sample = marked_sample();
  sample.label = cv::Mat();
  sample.image = sample.image(cv::Rect(10, 10, 40, 30));
  const Sample after = rotated(sample, {1, 30, kIgnored}, 3);
  EXPECT_EQ(after.image.size(), cv::Size(40, 30));
  EXPECT_TRUE(after.label.empty());
}

}  // namespace
}  // namespace sshost::data
