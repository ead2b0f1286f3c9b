#include "report/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace sshost::report {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(Axis, LabelsRoundNumbers) {
  EXPECT_THAT(make_axis(0, 250, 5, false).ticks,
              ElementsAre(DoubleEq(0), DoubleEq(50), DoubleEq(100), DoubleEq(150), DoubleEq(200), DoubleEq(250)));
}

TEST(Axis, WidensToTheNextRoundNumber) {
  const Axis axis = make_axis(0, 2.31, 5, true);
  EXPECT_DOUBLE_EQ(axis.low, 0);
  EXPECT_DOUBLE_EQ(axis.high, 2.5);
}

TEST(Axis, KeepsItsBoundsWhereItIsNotWidened) {
  const Axis axis = make_axis(1, 247, 5, false);
  EXPECT_DOUBLE_EQ(axis.low, 1);
  EXPECT_DOUBLE_EQ(axis.high, 247);
  EXPECT_DOUBLE_EQ(axis.ticks.front(), 50);
}

TEST(Axis, AnyRangeGivesAFewTicksInside) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> exponent(-12, 12), part(0, 1);
  for (int i = 0; i < 1000; ++i) {
    const double low = (part(random) - 0.5) * std::pow(10, exponent(random));
    const double high = low + std::pow(10, exponent(random)) + std::fabs(low) * 1e-6;
    const Axis axis = make_axis(low, high, 5, true);
    EXPECT_LE(axis.low, low + 1e-6 * (high - low));
    EXPECT_GE(axis.high, high - 1e-6 * (high - low));
    EXPECT_GE(axis.ticks.size(), 3u);
    EXPECT_LE(axis.ticks.size(), 12u);
    EXPECT_GE(axis.position(axis.ticks.front()), -1e-6);
    EXPECT_LE(axis.position(axis.ticks.back()), 1 + 1e-6);
  }
}

TEST(Axis, SurvivesRangesThatAreNone) {
  for (const double value : {0.0, 3.5, -2e9, std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
    const Axis axis = make_axis(value, value, 5, true);
    EXPECT_LT(axis.low, axis.high);
    EXPECT_TRUE(std::isfinite(axis.position(0)));
  }
}

}  // namespace
}  // namespace sshost::report
