#include <sshost/tensor.hpp>

#include "sdk/sdk_test.h"

namespace sshost::test {
namespace {

using Tensors = SdkTest;

TEST_F(Tensors, EveryHandleIsReleasedOnce) {
  {
    ss::Tensor first = ss::Tensor::adopt(host.tensor({2, 3}));
    ss::Tensor copy = first;
    const ss::Tensor moved = std::move(first);
    copy = moved;
    copy = ss::Tensor();
    EXPECT_FALSE(first.defined());  // NOLINT: what a move leaves is promised
    EXPECT_EQ(host.live_tensors, 1);
  }
  EXPECT_EQ(host.live_tensors, 0);
}

TEST_F(Tensors, ABorrowedHandleIsKeptByItsOwnCount) {
  ss_tensor borrowed = host.tensor({1});
  { const ss::Tensor shared = ss::Tensor::share(borrowed); }
  EXPECT_EQ(host.live_tensors, 1);
  ss::Tensor::adopt(borrowed);
  EXPECT_EQ(host.live_tensors, 0);
}

TEST_F(Tensors, TellTheirShape) {
  const ss::Tensor x = ss::Tensor::adopt(host.tensor({2, 3, 4, 5}, SS_INT64));
  EXPECT_EQ(x.dim(), 4);
  EXPECT_EQ(x.numel(), 120);
  EXPECT_EQ(x.size(-1), 5);
  EXPECT_EQ(x.spatial(), (ss::Size{4, 5}));
  EXPECT_EQ(x.sizes(), (std::vector<int64_t>{2, 3, 4, 5}));
  EXPECT_EQ(x.dtype(), ss::Dtype::int64);
  EXPECT_EQ(ss::to_string(x.sizes()), "[2, 3, 4, 5]");
}

TEST_F(Tensors, DataGoesInAndOut) {
  const ss::Tensor x = ss::Tensor::from(std::vector<float>{1, 2, 3}, {3});
  EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{1, 2, 3}));
  EXPECT_THROW(x.to_vector<double>(), ss::Error);
  EXPECT_THROW(x.item<double>(), ss::Error);
  EXPECT_EQ(ss::Tensor::from(std::vector<int64_t>{41}, {}).item<double>(), 41.0);
}

TEST_F(Tensors, AnUndefinedOneIsAnErrorAndNoCrash) { EXPECT_THROW(ss::Tensor().dim(), ss::Error); }

TEST_F(Tensors, AFailureOfTheHostCarriesItsMessage) {
  const ss::Tensor x = ss::Tensor::adopt(host.tensor({2}));
  try {
    x.size(5);
    FAIL() << "expected an error";
  } catch (const ss::Error& error) {
    EXPECT_STREQ(error.what(), "no axis 5");
    EXPECT_EQ(error.status(), SS_INVALID_ARGUMENT);
  }
}

}  // namespace
}  // namespace sshost::test
