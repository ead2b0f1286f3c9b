#include "report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshost::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TrainingStatus some_status() {
  TrainingStatus status;
  status.step = 50, status.steps = 200, status.epoch = 2, status.epochs = 8, status.images = 8;
  status.learning_rate = 0.0075, status.loss = 0.5, status.losses = {{"head", 0.4}, {"auxiliary.0", 0.1}};
  status.seconds = 2, status.loading_seconds = 0.01;
  return status;
}

TEST(Progress, TellsStepRateTimeLeftAndEachLoss) {
  EXPECT_EQ(training_line(some_status(), 2),
            "step 50/200  epoch 2/8  loss 0.5000 (head 0.4000, auxiliary.0 0.1000)  lr 0.0075  4 images/s  ETA 5:00");
}

TEST(Progress, SaysWhenTheDataKeepsTheModelWaiting) {
  TrainingStatus status = some_status();
  EXPECT_THAT(training_line(status, 2), Not(HasSubstr("waiting")));
  status.loading_seconds = 1;
  EXPECT_THAT(training_line(status, 2), HasSubstr("waiting for data 50%"));
}

TEST(Progress, HasABar) {
  EXPECT_EQ(bar(0, 4), "    ");
  EXPECT_EQ(bar(1, 4), "━━━━");
  EXPECT_EQ(bar(0.5, 4), "━━  ");
  EXPECT_EQ(bar(0.625, 4), "━━╸ ");
  EXPECT_EQ(bar(7, 2), "━━");
  EXPECT_THAT(training_bar(some_status(), 2), HasSubstr(" 25%  50/200  4 images/s  ETA 5:00  loss 0.5000"));
}

TEST(Progress, ThePaceSoonForgetsASlowStart) {
  Recent pace;
  EXPECT_EQ(pace.mean(), 0);
  pace.add(60);
  EXPECT_DOUBLE_EQ(pace.mean(), 60);
  for (int i = 0; i < 100; ++i) pace.add(1);
  EXPECT_NEAR(pace.mean(), 1, 0.1);
}

TEST(Progress, WritesTimesAsClocksDo) {
  EXPECT_EQ(clock_time(0), "0:00");
  EXPECT_EQ(clock_time(59.6), "1:00");
  EXPECT_EQ(clock_time(3849), "1:04:09");
  EXPECT_EQ(clock_time(-5), "0:00");
}

TEST(Progress, ASlowEvaluationIsLoggedAtEachTenthAndAQuickOneNot) {
  std::FILE* nowhere = std::tmpfile();
  Console console(nowhere);
  Progress progress(console);
  EvaluationLines due;
  const auto line_at = [&](const EvaluationStatus& status) {
    progress.image(status);
    return due.add(status);
  };
  std::vector<std::string> lines;
  for (int64_t i = 1; i <= 233; ++i) {
    const std::string line = line_at({i, 233, 0.5 * static_cast<double>(i)});
    if (!line.empty()) lines.push_back(line);
  }
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_EQ(lines.back(), "evaluated 233/233 images  2 images/s  ETA 0:00");
  for (int64_t i = 1; i <= 233; ++i) EXPECT_EQ(line_at({i, 233, 0.02 * static_cast<double>(i)}), "");
  progress.done();
  EXPECT_EQ(std::ftell(nowhere), 0) << "no status line where there is no terminal";
  std::fclose(nowhere);
}

}  // namespace
}  // namespace sshost::report
