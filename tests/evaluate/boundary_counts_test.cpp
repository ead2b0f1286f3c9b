#include "evaluate/boundary_counts.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/error.h"

namespace sshost::evaluate {
namespace {

constexpr int64_t kClasses = 4;
constexpr int64_t kIgnored = 255;

// Patches of classes, some of them ignored where asked.
at::Tensor random_map(int64_t height, int64_t width, int64_t below) {
  const at::Tensor coarse = at::randint(0, below, {1, 1, 5, 6}, at::kFloat);
  const at::Tensor map = at::upsample_nearest2d(coarse, {height, width}).to(at::kLong)[0][0];
  return at::where(map.eq(kClasses), at::full_like(map, kIgnored), map);
}

cv::Mat mask_of(const at::Tensor& map, int64_t label) {
  cv::Mat mask(static_cast<int>(map.size(0)), static_cast<int>(map.size(1)), CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) mask.at<uint8_t>(y, x) = map[y][x].item<int64_t>() == label;
  }
  return mask;
}

// The steps of the paper's program: the mask in a frame of background, worn off pixel by pixel, is taken away from
// itself.
cv::Mat published_boundary(const cv::Mat& mask, double ratio) {
  const int rounds = std::max(1, static_cast<int>(std::lround(ratio * std::hypot(mask.rows, mask.cols))));
  cv::Mat framed, eroded;
  cv::copyMakeBorder(mask, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::erode(framed, eroded, cv::Mat::ones(3, 3, CV_8U), {-1, -1}, rounds);
  return mask - eroded(cv::Rect(1, 1, mask.cols, mask.rows));
}

class Ratio : public testing::TestWithParam<double> {};

TEST_P(Ratio, CountsWhatThePaperDoesWhereNothingIsIgnored) {
  at::manual_seed(1);
  BoundaryCounts counts(kClasses, GetParam());
  at::Tensor expected = at::zeros({3, kClasses}, at::kLong);
  for (int image = 0; image < 3; ++image) {
    const at::Tensor labels = random_map(40, 53 + image, kClasses);
    const at::Tensor predicted = at::where(at::rand(labels.sizes()) < 0.97, labels.roll(1, 0), labels.roll(7, 1));
    counts.add(predicted, labels);
    for (int64_t c = 0; c < kClasses; ++c) {
      const cv::Mat truth = published_boundary(mask_of(labels, c), GetParam());
      const cv::Mat guess = published_boundary(mask_of(predicted, c), GetParam());
      expected[0][c] += cv::countNonZero(truth & guess);
      expected[1][c] += cv::countNonZero(truth);
      expected[2][c] += cv::countNonZero(guess);
    }
  }
  EXPECT_TRUE(counts.counts().equal(expected)) << counts.counts() << expected;
}

// By definition: a pixel is near the contour where another class, or the end of the image, is within the distance.
bool is_near(const at::Tensor& map, const at::Tensor& labels, int64_t y, int64_t x, int64_t distance) {
  const auto own = map[y][x].item<int64_t>();
  for (int64_t v = y - distance; v <= y + distance; ++v) {
    for (int64_t u = x - distance; u <= x + distance; ++u) {
      if (v < 0 || u < 0 || v >= map.size(0) || u >= map.size(1)) return true;
      if (labels[v][u].item<int64_t>() != kIgnored && map[v][u].item<int64_t>() != own) return true;
    }
  }
  return false;
}

TEST_P(Ratio, IgnoredPixelsNeitherCountNorMakeAContour) {
  at::manual_seed(2);
  const at::Tensor labels = random_map(30, 34, kClasses + 1);
  const at::Tensor predicted = random_map(30, 34, kClasses);
  ASSERT_TRUE(labels.eq(kIgnored).any().item<bool>());
  BoundaryCounts counts(kClasses, GetParam());
  counts.add(predicted, labels);
  const auto distance = std::max<int64_t>(1, std::lround(GetParam() * std::hypot(30, 34)));
  at::Tensor expected = at::zeros({3, kClasses}, at::kLong);
  for (int64_t y = 0; y < 30; ++y) {
    for (int64_t x = 0; x < 34; ++x) {
      const auto truth = labels[y][x].item<int64_t>();
      if (truth == kIgnored) continue;
      const auto guess = predicted[y][x].item<int64_t>();
      const bool near_truth = is_near(labels, labels, y, x, distance);
      const bool near_guess = is_near(predicted, labels, y, x, distance);
      if (near_truth) expected[1][truth] += 1;
      if (near_guess) expected[2][guess] += 1;
      if (near_truth && near_guess && truth == guess) expected[0][truth] += 1;
    }
  }
  EXPECT_TRUE(counts.counts().equal(expected)) << counts.counts() << expected;
}

INSTANTIATE_TEST_SUITE_P(BoundaryCounts, Ratio, testing::Values(0.02, 0.05, 0.2));

TEST(BoundaryCounts, AMapOfOneClassHasTheImagesBorderAsItsContour) {
  BoundaryCounts counts(2, 0.02);
  const at::Tensor map = at::zeros({20, 30}, at::kLong);
  counts.add(map, map.to(at::kByte));
  const int64_t frame = 20 * 30 - 18 * 28;
  EXPECT_TRUE(counts.counts().equal(at::tensor(std::vector<int64_t>{frame, 0, frame, 0, frame, 0}).view({3, 2})));
}

TEST(BoundaryCounts, RefusesMoreClassesThanItTellsApart) { EXPECT_THROW(BoundaryCounts(70'000, 0.02), Error); }

}  // namespace
}  // namespace sshost::evaluate
