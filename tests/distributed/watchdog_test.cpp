#include "distributed/watchdog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <utility>

namespace sshost::distributed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Pair;

class WatchdogTest : public testing::Test {
 protected:
  std::unique_ptr<distributed::Watchdog> watchdog(std::chrono::milliseconds limit) {
    auto made = std::make_unique<distributed::Watchdog>(
        limit, distributed::LastResort{&stop_, [this](const std::string& why, bool is_stopped) {
                                         if (!std::exchange(has_ended_, true)) end_.set_value({why, is_stopped});
                                       }});
    made->ask([this] { return silent_ ? "rank 3 (node1)" : ""; });
    return made;
  }

  bool ends(std::chrono::milliseconds within) { return ended_.wait_for(within) == std::future_status::ready; }

  std::atomic<bool> stop_ = false;
  std::atomic<bool> silent_ = true;
  std::promise<std::pair<std::string, bool>> end_;
  std::future<std::pair<std::string, bool>> ended_ = end_.get_future();
  bool has_ended_ = false;
};

TEST_F(WatchdogTest, EndsAWaitForASilentRankThatTakesTooLong) {
  const auto dog = watchdog(600ms);
  const distributed::Watchdog::Wait wait(*dog);
  EXPECT_FALSE(ends(300ms)) << "before the limit";
  ASSERT_TRUE(ends(10s));
  EXPECT_THAT(ended_.get(), Pair(HasSubstr("in vain for rank 3 (node1)"), false));
}

TEST_F(WatchdogTest, EndsAWaitForASilentRankAtOnceWhereTheProcessIsToldToStop) {
  const auto dog = watchdog(1h);
  const distributed::Watchdog::Wait outer(*dog);
  { const distributed::Watchdog::Wait inner(*dog); }
  stop_ = true;
  ASSERT_TRUE(ends(10s));
  EXPECT_THAT(ended_.get(), Pair("stopped while waiting for rank 3 (node1)", true));
}

TEST_F(WatchdogTest, LeavesWaitsForRanksThatLiveAndWorkAlone) {
  silent_ = false;
  stop_ = true;
  const auto dog = watchdog(200ms);
  {
    const distributed::Watchdog::Wait wait(*dog);
    EXPECT_FALSE(ends(1s)) << "whoever is waited for lives";
  }
  silent_ = true;
  EXPECT_FALSE(ends(1s)) << "nobody is waited for";
}

}  // namespace
}  // namespace sshost::distributed
