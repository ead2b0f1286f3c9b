#include <ATen/ATen.h>

#include <thread>

#include "values.h"

namespace sshost::bridge::testing {
namespace {

using Threads = NoHandleLeft;

TEST_F(Threads, OneTensorIsSharedByManyCalls) {
  const Handle shared(at::arange(64, at::kFloat));
  const at::Tensor expected = borrow(shared) + 1;
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (int& count : right) {
    threads.emplace_back([&count, &shared, &expected] {
      for (int i = 0; i < 500; ++i) {
        const at::Tensor found = call_tensor("aten::add.Scalar", {tensor(shared), integer(1)});
        if (at::equal(found, expected)) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 500));
}

TEST_F(Threads, EachKeepsItsOwnMessage) {
  fail(SS_INTERNAL, "of the first");
  std::string other;
  std::thread([&other] {
    fail(SS_INTERNAL, "of the second");
    other = message();
  }).join();
  EXPECT_EQ(message(), "of the first");
  EXPECT_EQ(other, "of the second");
}

}  // namespace
}  // namespace sshost::bridge::testing
