// What becomes of a run of several processes when one of them stands still, without closing its connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "distributed/launch.h"
#include "distributed/listening.h"
#include "run/run_folder.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr auto kTimeout = 5s;
constexpr auto kMargin = 10s;  // docs/distributed.md
constexpr auto kSlow = 10s;    // other tests and the compiler run beside this one

class Frozen : public testing::Test {
 protected:
  Frozen() { write_pipeline(folder_ / "p.yaml"); }

  std::vector<std::string> arguments(const std::string& timeout) const {
    return {"run",   folder_ / "p.yaml",   "--output", folder_ / "run",
            "--set", "train.steps=100000", "--set",    "train.save_every=10",
            "--set", "train.batch_size=6", "--set",    "distributed.timeout=" + timeout};
  }

  static void wait_until(const std::function<bool()>& is_so) {
    const auto until = Clock::now() + 60s;
    while (!is_so() && Clock::now() < until) std::this_thread::sleep_for(20ms);
    ASSERT_TRUE(is_so()) << "not within a minute";
  }

  void wait_for_checkpoint() const {
    wait_until([this] {
      return std::filesystem::exists(folder_ / "run/pipeline.yaml") &&
             run::RunFolder::view(folder_ / "run").newest_checkpoint().has_value();
    });
  }

  // Whether it has a handler for the signal by now.
  static bool catches(const cli::Program& program, int number) {
    const std::string mask = program.status("SigCgt");
    return !mask.empty() && (std::stoull(mask, nullptr, 16) >> (number - 1) & 1) != 0;
  }

  // How it ended.
  static cli::Outcome expect_to_end(Launch& launch, int rank, std::chrono::seconds within) {
    const auto until = Clock::now() + within;
    while (launch.rank(rank).is_running() && Clock::now() < until) std::this_thread::sleep_for(20ms);
    const bool ended = !launch.rank(rank).is_running();
    EXPECT_TRUE(ended) << "rank " << rank << " goes on";
    if (!ended) launch.rank(rank).signal(SIGKILL);
    return launch.wait(rank);
  }

  static void expect_failure(const cli::Outcome& outcome, const std::string& who) {
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(who), HasSubstr("stopped")));
  }

  TempFolder folder_;
};

TEST_F(Frozen, AFrozenFirstRankEndsTheOthersWithinTheTimeout) {
  Launch launch(folder_.path(), 2, arguments("5"));
  wait_for_checkpoint();
  launch.rank(0).signal(SIGSTOP);
  expect_failure(expect_to_end(launch, 1, kTimeout + kMargin + kSlow), "rank 0 (");
}

TEST_F(Frozen, AFrozenRankEndsTheOthersWithinTheTimeout) {
  Launch launch(folder_.path(), 3, arguments("5"));
  wait_for_checkpoint();
  launch.rank(1).signal(SIGSTOP);
  for (const int rank : {0, 2}) {
    expect_failure(expect_to_end(launch, rank, kTimeout + kMargin + kSlow), "rank 1 (");
  }
  EXPECT_THAT(read_bytes(folder_ / "run/log.txt"), HasSubstr("rank 1 ("));
}

TEST_F(Frozen, ASignalEndsARankThatWaitsForAFrozenOne) {
  for (const int frozen : {0, 1}) {
    SCOPED_TRACE(frozen);
    std::filesystem::remove_all(folder_ / "run");
    Launch launch(folder_.path(), 2, arguments("600"));
    wait_for_checkpoint();
    launch.rank(frozen).signal(SIGSTOP);
    std::this_thread::sleep_for(1s);
    const int other = 1 - frozen;
    launch.rank(other).signal(SIGTERM);
    const cli::Outcome outcome = expect_to_end(launch, other, 10s + kSlow);
    EXPECT_EQ(outcome.exit_code, 128 + SIGTERM) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("stopped while waiting for rank " + std::to_string(frozen) + " ("));
  }
}

// The kernel still takes connections for it.
TEST_F(Frozen, AFirstRankThatIsFrozenBeforeTheOthersComeEndsThemToo) {
  Launch launch(folder_.path(), 2);
  launch.start(0, arguments("5"));
  wait_until([&] { return !listening_addresses(launch.rank(0).process()).empty(); });
  launch.rank(0).signal(SIGSTOP);
  launch.start(1, arguments("5"));
  const cli::Outcome outcome = expect_to_end(launch, 1, kTimeout + kMargin + kSlow);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("for rank 0 at 127.0.0.1:"));
}

TEST_F(Frozen, ASignalEndsARankThatWaitsForTheOthersToCome) {
  Launch launch(folder_.path(), 2);
  launch.start(0, arguments("600"));
  wait_until([&] { return !listening_addresses(launch.rank(0).process()).empty(); });
  launch.rank(0).signal(SIGTERM);
  const cli::Outcome first = expect_to_end(launch, 0, 5s + kSlow);
  EXPECT_EQ(first.exit_code, 128 + SIGTERM);
  EXPECT_THAT(first.err, HasSubstr("stopped while waiting for the other ranks at 127.0.0.1:"));
  launch.start(1, arguments("600"));
  wait_until([&] { return catches(launch.rank(1), SIGTERM); });
  launch.rank(1).signal(SIGTERM);
  const cli::Outcome second = expect_to_end(launch, 1, 5s + kSlow);
  EXPECT_EQ(second.exit_code, 128 + SIGTERM);
  EXPECT_THAT(second.err, HasSubstr("stopped while waiting for rank 0 at 127.0.0.1:"));
}

// Between the rendezvous and the first step.
TEST_F(Frozen, ARankThatStopsOrDiesRightAfterTheRendezvousIsNamed) {
  for (const int number : {SIGSTOP, SIGKILL}) {
    SCOPED_TRACE(number);
    std::filesystem::remove_all(folder_ / "run");
    Launch launch(folder_.path(), 2, arguments("5"));
    wait_until([&] { return launch.rank(0).out().find("2 processes work together") != std::string::npos; });
    launch.rank(1).signal(number);
    expect_failure(expect_to_end(launch, 0, kTimeout + kMargin + kSlow), "rank 1 (");
  }
}

}  // namespace
}  // namespace sshost::test
