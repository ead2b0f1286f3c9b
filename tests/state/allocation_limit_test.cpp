#include "state/allocation_limit.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::state {
namespace {

std::string refusal(const std::function<void()>& work) { return test::message_of<Error>(work); }

TEST(AllocationLimitTest, StopsTheTensorThatWouldExceedIt) {
  const AllocationLimit limit(1 << 20, "too large");
  EXPECT_EQ(refusal([] { at::empty({1 << 17}); }), "");
  EXPECT_EQ(refusal([] { at::empty({int64_t{1} << 40}); }), "too large") << "before the memory is asked for";
  EXPECT_EQ(refusal([] { at::full({1 << 18}, 1.0); }), "too large") << "with what was there before";
  EXPECT_EQ(refusal([] { at::empty({1 << 10}); }), "") << "what was refused does not count";
}

TEST(AllocationLimitTest, HoldsWhileItLivesAndOnItsThread) {
  {
    const AllocationLimit outer(1 << 20, "outer");
    {
      const AllocationLimit inner(1 << 10, "inner");
      EXPECT_EQ(refusal([] { at::empty({1 << 10}); }), "inner");
      std::thread([] { EXPECT_EQ(at::empty({1 << 20}).numel(), 1 << 20); }).join();
    }
    EXPECT_EQ(refusal([] { at::empty({1 << 10}); }), "");
    EXPECT_EQ(refusal([] { at::empty({1 << 20}); }), "outer");
  }
  EXPECT_EQ(at::empty({1 << 20}).numel(), 1 << 20);
}

}  // namespace
}  // namespace sshost::state
