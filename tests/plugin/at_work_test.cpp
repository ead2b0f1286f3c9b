#include "plugin/at_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "plugin/long_work.h"

namespace sshost::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

bool is_at_work(const std::string& who) {
  const std::vector<AtWork::Stay> stays = AtWork::on_all_threads();
  return std::any_of(stays.begin(), stays.end(), [&](const AtWork::Stay& stay) { return stay.who == who; });
}

TEST(AtWork, IsTheInnermostComponentOfTheThread) {
  const std::string outer = "head outer", inner = "memory inner";
  EXPECT_EQ(AtWork::on_this_thread(), nullptr);
  {
    const AtWork first(outer);
    {
      const AtWork second(inner);
      EXPECT_STREQ(AtWork::on_this_thread(), "memory inner");
    }
    EXPECT_STREQ(AtWork::on_this_thread(), "head outer");
  }
  EXPECT_EQ(AtWork::on_this_thread(), nullptr);
}

TEST(AtWork, IsSeenFromOtherThreadsUntilItEnds) {
  const std::string who = "head of another thread";
  std::thread([&] {
    const AtWork at_work(who);
    EXPECT_TRUE(is_at_work(who));
  }).join();
  EXPECT_FALSE(is_at_work(who));
}

TEST(LongWork, NamesAComponentThatDoesNotComeBack) {
  const std::string who = "head endless (/plugins/endless.so)";
  std::mutex mutex;
  std::condition_variable told;
  std::string line;
  const LongWork watch(std::chrono::milliseconds(20), [&](const std::string& text) {
    const std::scoped_lock lock(mutex);
    line = text;
    told.notify_all();
  });
  const AtWork at_work(who);
  std::unique_lock lock(mutex);
  EXPECT_TRUE(told.wait_for(lock, std::chrono::seconds(30), [&] { return !line.empty(); }));
  EXPECT_THAT(line, AllOf(HasSubstr(who), HasSubstr("without coming back")));
}

}  // namespace
}  // namespace sshost::plugin
