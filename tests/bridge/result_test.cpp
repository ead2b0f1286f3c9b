// What a call gives back.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "values.h"

namespace sshost::bridge::testing {
namespace {

using ::testing::HasSubstr;
using Result = NoHandleLeft;

TEST_F(Result, AListOfTensorsBecomesAsManyResults) {
  const Handle x(at::arange(6).reshape({3, 2}));
  const Outcome outcome = call("aten::split.Tensor", {tensor(x), integer(1)});
  ASSERT_EQ(outcome.results.size(), 3U) << message();
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(at::equal(take(outcome.results[i].as.tensor), borrow(x).slice(0, i, i + 1)));
  }
}

TEST_F(Result, SeveralResultsComeInTheSchemasOrder) {
  const Handle x(at::rand({4, 5}));
  const Outcome outcome = call("aten::max.dim", {tensor(x), integer(1)});
  ASSERT_EQ(outcome.results.size(), 2U) << message();
  EXPECT_EQ(take(outcome.results[0].as.tensor).scalar_type(), at::kFloat);
  EXPECT_EQ(take(outcome.results[1].as.tensor).scalar_type(), at::kLong);
}

TEST_F(Result, NumbersComeAsNumbers) {
  const Handle whole(at::scalar_tensor(7, at::kLong)), broken(at::scalar_tensor(0.5)), same(at::ones({2}));
  const Outcome integer_result = call("aten::item", {tensor(whole)});
  ASSERT_EQ(integer_result.results.size(), 1U);
  EXPECT_EQ(integer_result.results[0].tag, SS_VALUE_INT);
  EXPECT_EQ(integer_result.results[0].as.integer, 7);
  const Outcome real_result = call("aten::item", {tensor(broken)});
  ASSERT_EQ(real_result.results.size(), 1U);
  EXPECT_EQ(real_result.results[0].tag, SS_VALUE_DOUBLE);
  EXPECT_EQ(real_result.results[0].as.real, 0.5);
  const Outcome bool_result = call("aten::equal", {tensor(same), tensor(same)});
  ASSERT_EQ(bool_result.results.size(), 1U);
  EXPECT_EQ(bool_result.results[0].tag, SS_VALUE_BOOL);
  EXPECT_EQ(bool_result.results[0].as.integer, 1);
}

TEST_F(Result, AnInPlaceOperatorGivesTheSameTensorOnceMore) {
  const Handle x(at::full({2}, -1.0));
  const Outcome outcome = call("aten::relu_", {tensor(x)});
  ASSERT_EQ(outcome.results.size(), 1U) << message();
  EXPECT_EQ(outcome.results[0].as.tensor, static_cast<ss_tensor>(x));
  release(outcome.results[0].as.tensor);
  EXPECT_TRUE(at::equal(borrow(x), at::zeros({2})));
}

TEST_F(Result, TooLittleRoomTellsTheNeedAndKeepsNothing) {
  const Handle x(at::arange(6));
  const ss_value arguments[] = {tensor(x), integer(1)};
  const int64_t before = live_handles();
  ss_value results[2] = {integer(-1), integer(-1)};
  uint32_t count = 2;
  EXPECT_EQ(ops_table()->call(resolve("aten::split.Tensor"), arguments, 2, results, &count), SS_TOO_SMALL);
  EXPECT_EQ(count, 6U);
  EXPECT_EQ(results[0].as.integer, -1);
  EXPECT_EQ(live_handles(), before);
  EXPECT_THAT(std::string(message()), HasSubstr("6 results, room for 2"));
}

TEST_F(Result, AFailureLeavesTheCountAlone) {
  uint32_t count = 5;
  EXPECT_EQ(ops_table()->call(resolve("aten::relu"), nullptr, 0, nullptr, &count), SS_INVALID_ARGUMENT);
  EXPECT_EQ(count, 5U);
}

}  // namespace
}  // namespace sshost::bridge::testing
