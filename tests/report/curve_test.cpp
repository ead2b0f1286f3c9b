#include "report/curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sshost::report {
namespace {

std::vector<Point> ramp(int count) {
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) points.push_back({double(i), 2.0 * i});
  return points;
}

TEST(Curve, FewPointsStayAsTheyAre) {
  const auto points = thin_out(ramp(10), 10);
  ASSERT_EQ(points.size(), 10u);
  EXPECT_EQ(points[3].value, 6);
}

TEST(Curve, ManyPointsAreAveragedAndKeepTheirMean) {
  const auto points = thin_out(ramp(1003), 100);
  ASSERT_EQ(points.size(), 100u);
  for (const Point& point : points) EXPECT_NEAR(point.value, 2 * point.step, 1e-9);
  EXPECT_LT(points.front().step, 10);
  EXPECT_GT(points.back().step, 992);
}

TEST(Curve, PointsThatAreNotFiniteAreLeftOut) {
  auto points = ramp(4);
  points[1].value = std::numeric_limits<double>::quiet_NaN();
  points[2].value = INFINITY;
  EXPECT_EQ(thin_out(points, 10).size(), 2u);
}

TEST(Curve, SmoothingTamesNoise) {
  std::vector<Point> points;
  for (int i = 0; i < 500; ++i) points.push_back({double(i), 3 + (i % 2 == 0 ? 1.0 : -1.0)});
  const auto smoothed = smooth(points, 25);
  ASSERT_EQ(smoothed.size(), points.size());
  for (size_t i = 100; i < 400; ++i) EXPECT_NEAR(smoothed[i].value, 3, 0.05);
}

TEST(Curve, SmoothingDoesNotLagBehind) {
  const auto smoothed = smooth(ramp(500), 25);
  for (size_t i = 150; i < 350; ++i) EXPECT_NEAR(smoothed[i].value, 2.0 * static_cast<double>(i), 0.5);
}

TEST(Curve, QuantileIgnoresASpike) {
  auto points = ramp(200);
  points.front().value = 1e9;
  EXPECT_LE(quantile(points, 0.99), 400);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

}  // namespace
}  // namespace sshost::report
