// What becomes of a run of several processes when one of them ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "distributed/launch.h"
#include "run/run_folder.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr const char* kBatchSize = "train.batch_size=6";  // for two processes and for three

class Failure : public testing::Test {
 protected:
  Failure() { write_pipeline(folder_ / "p.yaml"); }

  std::vector<std::string> arguments(const std::vector<std::string>& overrides) const {
    std::vector<std::string> words = {"run", folder_ / "p.yaml", "--output", folder_ / "run"};
    for (const std::string& entry : overrides) words.insert(words.end(), {"--set", entry});
    return words;
  }

  std::optional<fs::path> newest() const {
    if (!fs::exists(folder_ / "run/pipeline.yaml")) return std::nullopt;
    return run::RunFolder::view(folder_ / "run").newest_checkpoint();
  }

  // Until the run has saved something.
  void wait_for_checkpoint() const {
    const auto until = Clock::now() + std::chrono::seconds(60);
    while (!newest() && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(newest()) << "nothing was saved in a minute";
  }

  // Five more steps.
  void expect_to_go_on(int count) {
    const int64_t step = run::RunFolder::view(folder_ / "run").checkpoint_steps().back();
    const std::vector<std::string> words =
        arguments({"train.resume=true", kBatchSize, "train.steps=" + std::to_string(step + 5)});
    const std::vector<cli::Outcome> outcomes = Launch(folder_.path(), count, words).wait();
    for (const cli::Outcome& outcome : outcomes) EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(run::RunFolder::view(folder_ / "run").checkpoint_steps().back(), step + 5);
  }

  TempFolder folder_;
};

const std::vector<std::string> kLong = {"train.steps=100000", "train.save_every=10", kBatchSize};

TEST_F(Failure, AKilledRankEndsTheRunWithAMessageThatNamesIt) {
  Launch launch(folder_.path(), 3, arguments(kLong));
  wait_for_checkpoint();
  const auto begin = Clock::now();
  launch.rank(1).signal(SIGKILL);
  const std::vector<cli::Outcome> outcomes = launch.wait();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(outcomes[1].exit_code, -SIGKILL);
  for (const int rank : {0, 2}) {
    const cli::Outcome& outcome = outcomes[static_cast<size_t>(rank)];
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("rank 1 ("), HasSubstr("has died"), HasSubstr("train.resume=true")));
  }
  EXPECT_THAT(read_bytes(folder_ / "run/log.txt"), HasSubstr("rank 1 ("));
  expect_to_go_on(3);
}

TEST_F(Failure, AKilledFirstRankEndsTheRunToo) {
  Launch launch(folder_.path(), 2, arguments(kLong));
  wait_for_checkpoint();
  launch.rank(0).signal(SIGKILL);
  const std::vector<cli::Outcome> outcomes = launch.wait();
  EXPECT_EQ(outcomes[1].exit_code, 1);
  EXPECT_THAT(outcomes[1].err, AllOf(HasSubstr("rank 0 ("), HasSubstr("has died")));
  expect_to_go_on(2);
}

TEST_F(Failure, AFailureOfOneRankIsToldByAll) {
  Launch launch(folder_.path(), 2, arguments({"train.optimizer.lr=1e30"}));
  const std::vector<cli::Outcome> outcomes = launch.wait();
  for (const cli::Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("loss"), HasSubstr("at step"), HasSubstr("samples train_")));
  }
}

TEST_F(Failure, ASignalToOneRankStopsAllAfterTheSameStep) {
  Launch launch(folder_.path(), 2, arguments(kLong));
  wait_for_checkpoint();
  launch.rank(1).signal(SIGTERM);
  const std::vector<cli::Outcome> outcomes = launch.wait();
  for (const cli::Outcome& outcome : outcomes) EXPECT_EQ(outcome.exit_code, 128 + SIGTERM) << outcome.err;
  EXPECT_THAT(outcomes[0].out, HasSubstr("Stopped after step "));
  expect_to_go_on(2);
}

}  // namespace
}  // namespace sshost::test
