#include "distributed/liveness.h"

#include <gmock/gmock.h>
#include <torch/csrc/distributed/c10d/HashStore.hpp>

#include <future>
#include <memory>

namespace sshost::distributed {
namespace {

using namespace std::chrono_literals;

// Three ranks, of which 0 watches 1, 1 watches 2, and 2 watches 0.
class LivenessWatch : public testing::Test {
 protected:
  std::unique_ptr<distributed::Liveness> rank(int64_t number) {
    return std::make_unique<distributed::Liveness>(store_, number, 3);
  }

  const c10::intrusive_ptr<c10d::Store> store_ = c10::make_intrusive<c10d::HashStore>();
};

// When its watch calls.
std::shared_future<void> call_of(distributed::Liveness& rank, std::chrono::milliseconds patience) {
  const auto promise = std::make_shared<std::promise<void>>();
  rank.watch(patience, [promise] { promise->set_value(); });
  return promise->get_future().share();
}

bool comes(const std::shared_future<void>& call, std::chrono::milliseconds within) {
  return call.wait_for(within) == std::future_status::ready;
}

// A rank that dies says nothing more. Here it never came, or it is not there to go on.
TEST_F(LivenessWatch, CallsWhereTheNextRankGivesNoSignOfLife) {
  const auto one = rank(1);
  const auto zero = rank(0);
  store_->set("alive/2", "17");
  const auto of_one = call_of(*one, 900ms);
  const auto of_zero = call_of(*zero, 900ms);
  EXPECT_FALSE(comes(of_one, 500ms)) << "before its patience ends";
  EXPECT_TRUE(comes(of_one, 10s));
  EXPECT_FALSE(comes(of_zero, 600ms)) << "its next one lives";
}

TEST_F(LivenessWatch, CallsWhereAnyRankHasSaidWhyItEnds) {
  const auto zero = rank(0);
  const auto one = rank(1);
  const auto two = rank(2);
  const auto of_zero = call_of(*zero, 1h);
  const auto of_two = call_of(*two, 1h);
  two->report("rank 2 failed: a.png: not an image");
  EXPECT_TRUE(comes(of_zero, 10s));
  EXPECT_TRUE(comes(of_two, 10s)) << "its own collectives have to end, too";
}

TEST_F(LivenessWatch, DoesNotCallWhereTheNextRankHasLeftInOrder) {
  const auto zero = rank(0);
  auto one = rank(1);
  const auto of_zero = call_of(*zero, 600ms);
  one.reset();
  EXPECT_FALSE(comes(of_zero, 1500ms));
  EXPECT_THAT(zero->look(1500ms).silent, testing::ElementsAre(2)) << "which never came";
}

// A store whose keeper stands still: no call comes back before the end of the test.
class StuckStore final : public c10d::HashStore {
 public:
  using c10d::HashStore::set;
  void set(const std::string& key, const std::vector<uint8_t>& value) override {
    released_.wait_for(30s);
    c10d::HashStore::set(key, value);
  }

  void release() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST(Liveness, WaitsForNoStoreThatStandsStill) {
  const auto store = c10::make_intrusive<StuckStore>();
  const auto begin = std::chrono::steady_clock::now();
  {
    distributed::Liveness rank(store, 1, 2);
    const auto call = call_of(rank, 900ms);
    EXPECT_EQ(rank.look(500ms).keeper, distributed::Liveness::Keeper::kSilent);
    rank.report("rank 1 failed");
    EXPECT_TRUE(comes(call, 10s));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
  store->release();
}

}  // namespace
}  // namespace sshost::distributed
