#include "optimize/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "config/scalar.h"
#include "config/typed.h"

namespace sshost::optimize {
namespace {

config::TypedConfig typed(const std::string& type, const std::string& options = "{}") {
  return config::typed(schedule_types(), type, options);
}

config::TypedConfig warmed(const std::string& type, double ratio) {
  return typed("poly", "{power: 1, min_lr: 0, warmup: {type: " + type +
                           ", steps: 10, ratio: " + config::format_double(ratio) + "}}");
}

TEST(Schedule, PolyFallsFromTheBaseToAHundredth) {
  const Schedule schedule(typed("poly", "power: 0.9"), 0.01, 100);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 0.01);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(50), 0.0099 * 0.5358867312681466 + 0.0001);  // 0.5^0.9
  EXPECT_DOUBLE_EQ(schedule.learning_rate(100), 0.0001);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(1000), 0.0001);
}

TEST(Schedule, PolyTakesAnotherMinimum) {
  const config::TypedConfig config = typed("poly", "{power: 0.9, min_lr: 0}");
  EXPECT_DOUBLE_EQ(Schedule(config, 0.01, 4).learning_rate(4), 0);
  EXPECT_DOUBLE_EQ(Schedule(config, 0.01, 4).learning_rate(3), 0.01 * std::pow(0.25, 0.9));
}

TEST(Schedule, CosineFallsSlowlyAtBothEnds) {
  const Schedule schedule(typed("cosine", "min_lr: 0.1"), 1.1, 12);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 1.1);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(4), 0.1 + 0.75);  // cos(pi / 3) = 1 / 2
  EXPECT_DOUBLE_EQ(schedule.learning_rate(6), 0.1 + 0.5);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(12), 0.1);
  EXPECT_DOUBLE_EQ(Schedule(typed("cosine"), 1, 12).learning_rate(12), 0.01);
}

TEST(Schedule, StepFallsAtItsMilestones) {
  const Schedule schedule(typed("step", "{milestones: [0.5, 0.75], factor: 0.1}"), 1, 8);
  const double expected[] = {1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01, 0.01};
  for (int64_t step = 0; step < 9; ++step) EXPECT_DOUBLE_EQ(schedule.learning_rate(step), expected[step]) << step;
}

TEST(Schedule, ConstantStays) { EXPECT_EQ(Schedule(typed("constant"), 0.3, 5).learning_rate(4), 0.3); }

// The rate without warm-up is 1 - t/100 here.
TEST(Schedule, LinearWarmupReachesTheScheduleAtItsLastStep) {
  const Schedule schedule(warmed("linear", 0.2), 1, 100);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 0.2);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(5), 0.95 * 0.6);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(10), 0.9);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(11), 0.89);
}

TEST(Schedule, ConstantWarmupIncludesItsLastStep) {
  const Schedule schedule(warmed("constant", 0.2), 1, 100);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 0.2);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(10), 0.9 * 0.2);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(11), 0.89);
}

TEST(Schedule, ExponentialWarmup) {
  const Schedule schedule(warmed("exp", 0.01), 1, 100);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(0), 0.01);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(5), 0.95 * 0.1);
  EXPECT_DOUBLE_EQ(schedule.learning_rate(10), 0.9);
}

TEST(Schedule, RefusesUnknownTypes) {
  config::TypedConfig sine = typed("poly");
  sine.type = "sine";
  EXPECT_THROW(Schedule(sine, 1, 1), UsageError);
  auto options = *warmed("linear", 0.1).options;
  options.at("warmup").set("type", config::make_string("quick"));
  EXPECT_THROW(Schedule({"poly", std::make_shared<const ss_options_object>(std::move(options))}, 1, 1), UsageError);
}

}  // namespace
}  // namespace sshost::optimize
