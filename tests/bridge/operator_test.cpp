// How arguments of a call are checked, converted and completed.
#include "bridge/operator.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "bridge/call_count.h"
#include "values.h"

namespace sshost::bridge::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Operator : public NoHandleLeft {
 protected:
  const Handle x{at::arange(24, at::kFloat).reshape({2, 3, 2, 2})};
  at::Tensor value() const { return borrow(x); }
};

TEST_F(Operator, IsResolvedOnce) {
  EXPECT_EQ(resolve("aten::softmax.int"), resolve("aten::softmax.int"));
  EXPECT_NE(resolve("aten::add.Tensor"), resolve("aten::add.Scalar"));
  EXPECT_TRUE(has_operator("aten::conv2d"));
  EXPECT_FALSE(has_operator("aten::no_such_operator"));
  EXPECT_FALSE(has_operator(""));
}

TEST_F(Operator, AnUnknownNameIsRefusedWithThoseNearIt) {
  ss_operator op = nullptr;
  EXPECT_EQ(ops_table()->resolve(to_ss_string("aten::softmax"), &op), SS_NOT_FOUND);
  EXPECT_THAT(std::string(message()), AllOf(HasSubstr("\"aten::softmax\""), HasSubstr("aten::softmax.int")));
  EXPECT_EQ(ops_table()->resolve(to_ss_string("aten::sigmiod"), &op), SS_NOT_FOUND);
  EXPECT_THAT(std::string(message()), HasSubstr("aten::sigmoid"));
  EXPECT_EQ(ops_table()->resolve(to_ss_string("relu"), &op), SS_NOT_FOUND);
  EXPECT_THAT(std::string(message()), HasSubstr("namespace::operator.overload"));
  EXPECT_EQ(op, nullptr);
}

TEST_F(Operator, MissingTrailingArgumentsTakeTheSchemasDefaults) {
  EXPECT_TRUE(at::equal(call_tensor("aten::flatten.using_ints", {tensor(x)}), value().flatten()));
  EXPECT_TRUE(at::equal(call_tensor("aten::leaky_relu", {tensor(x)}), at::leaky_relu(value())));
  const int64_t kernel[] = {2, 2};
  EXPECT_TRUE(at::equal(call_tensor("aten::max_pool2d", {tensor(x), integers(kernel)}), at::max_pool2d(value(), 2)));
}

TEST_F(Operator, AMissingArgumentWithoutADefaultIsNamed) {
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::upsample_bilinear2d.vec", {tensor(x), none(), boolean(false)}),
              AllOf(HasSubstr("aten::upsample_bilinear2d.vec"), HasSubstr("\"scale_factors\""), HasSubstr("3 of 4")));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::softmax.int", {}), HasSubstr("\"self\""));
}

TEST_F(Operator, TooManyArgumentsAreRefused) {
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::relu", {tensor(x), integer(1)}),
              AllOf(HasSubstr("at most 1"), HasSubstr("2 given")));
}

TEST_F(Operator, AWrongTagIsRefusedBeforeTheCallWithBothTypes) {
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::softmax.int", {tensor(x), real(1)}),
              AllOf(HasSubstr("aten::softmax.int"), HasSubstr("\"dim\""), HasSubstr("int expected"),
                    HasSubstr("a double found"), Not(HasSubstr("INTERNAL ASSERT"))));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::conv2d", {tensor(x), tensor(x), none(), text("two")}),
              AllOf(HasSubstr("\"stride\""), HasSubstr("int[2] expected"), HasSubstr("a string found")));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::reshape", {tensor(x), integer(24)}), HasSubstr("int[] expected"));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::cat", {tensor(x)}), HasSubstr("Tensor[] expected, a tensor found"));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::relu", {none()}), HasSubstr("Tensor expected, none found"));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::relu", {ss_value{.tag = 77, .count = 0, .as = {.integer = 0}}}),
              HasSubstr("an unknown tag found"));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::bernoulli.p", {tensor(x), real(0.5), integer(1)}),
              HasSubstr("Generator? expected"));
}

TEST_F(Operator, NullPointersAreRefused) {
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::relu", {tensor(nullptr)}), HasSubstr("a tensor that is NULL"));
  const ss_tensor parts[] = {x, nullptr};
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::cat", {tensors(parts)}), HasSubstr("NULL at index 1"));
  ss_value list = integers({});
  list.count = 2;
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::reshape", {tensor(x), list}), HasSubstr("a list that is NULL"));
}

TEST_F(Operator, ADtypeOutsideItsRangeIsRefused) {
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::softmax.int", {tensor(x), integer(1), integer(999)}),
              AllOf(HasSubstr("dtype? expected"), HasSubstr("999 found")));
  const at::Tensor soft = call_tensor("aten::softmax.int", {tensor(x), integer(1), integer(SS_FLOAT64)});
  EXPECT_EQ(soft.scalar_type(), at::kDouble);
}

TEST_F(Operator, NumbersAreTakenAsTheSchemaWantsThem) {
  EXPECT_TRUE(at::equal(call_tensor("aten::add.Scalar", {tensor(x), integer(2)}), value() + 2));
  EXPECT_TRUE(at::equal(call_tensor("aten::add.Scalar", {tensor(x), real(2.5)}), value() + 2.5));
  EXPECT_TRUE(at::equal(call_tensor("aten::clamp", {tensor(x), none(), integer(5)}), value().clamp_max(5)));
  EXPECT_EQ(call_tensor("aten::full_like", {tensor(x), boolean(true)}).sum().item<float>(), 24);
  EXPECT_TRUE(at::equal(call_tensor("aten::dropout", {tensor(x), integer(0), boolean(true)}), value()));
}

TEST_F(Operator, ASingleIntegerFillsAListOfFixedLength) {
  EXPECT_TRUE(at::equal(call_tensor("aten::avg_pool2d", {tensor(x), integer(2)}), at::avg_pool2d(value(), {2, 2})));
}

TEST_F(Operator, ListsOfEveryKindArrive) {
  const std::vector<double> scales = {2, 2};
  EXPECT_TRUE(at::equal(call_tensor("aten::upsample_nearest2d.vec", {tensor(x), none(), reals(scales)}),
                        at::upsample_nearest2d(value(), std::nullopt, scales)));
  const Handle index(at::tensor({1, 0}));
  const ss_tensor indices[] = {nullptr, index};
  EXPECT_TRUE(at::equal(call_tensor("aten::index.Tensor", {tensor(x), tensors(indices)}),
                        value().index_select(1, at::tensor({1, 0}))));
  const Handle a(at::ones({2})), b(at::ones({3}));
  const ss_tensor both[] = {a, b};
  const double factors[] = {2, 3};
  const Outcome scaled = call("aten::_foreach_mul.ScalarList", {tensors(both), reals(factors)});
  ASSERT_EQ(scaled.results.size(), 2U) << message();
  EXPECT_TRUE(at::equal(take(scaled.results[0].as.tensor), at::full({2}, 2.F)));
  EXPECT_TRUE(at::equal(take(scaled.results[1].as.tensor), at::full({3}, 3.F)));
}

TEST_F(Operator, AListOfBoolsHasTheSchemasLength) {
  const auto [normal, mean, deviation] = at::native_layer_norm(value(), {2}, {}, {}, 1e-5);
  const Handle gradient(at::ones_like(normal)), center(mean), inverse(deviation), weight(at::ones({2}));
  const int64_t shape[] = {2};
  const uint8_t wanted[] = {1, 0, 0};
  std::vector<ss_value> arguments = {tensor(gradient), tensor(x),      integers(shape), tensor(center),
                                     tensor(inverse),  tensor(weight), none(),          booleans(wanted)};
  const Outcome outcome = call("aten::native_layer_norm_backward", arguments);
  ASSERT_EQ(outcome.results.size(), 3U) << message();
  EXPECT_EQ(take(outcome.results[0].as.tensor).sizes(), value().sizes());
  EXPECT_EQ(outcome.results[1].as.tensor, nullptr);  // not asked for
  EXPECT_EQ(outcome.results[2].as.tensor, nullptr);
  arguments.back() = booleans(std::span(wanted).first(2));
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::native_layer_norm_backward", arguments),
              AllOf(HasSubstr("bool[3] expected"), HasSubstr("a list of 2 found")));
}

TEST_F(Operator, StringsAndDevicesArrive) {
  EXPECT_TRUE(at::equal(call_tensor("aten::gelu", {tensor(x), text("tanh")}), at::gelu(value(), "tanh")));
  const int64_t sizes[] = {2};
  EXPECT_EQ(call_tensor("aten::zeros", {integers(sizes), integer(SS_INT64), none(), device_of(x)}).scalar_type(),
            at::kLong);
  EXPECT_THAT(refusal(SS_INVALID_ARGUMENT, "aten::zeros", {integers(sizes), none(), none(), text("cpu")}),
              HasSubstr("Device? expected"));
}

TEST_F(Operator, AnErrorOfTheOperatorIsShortAndKeepsNothing) {
  const int64_t before = live_handles();
  const int64_t sizes[] = {5, 5};
  const std::string text = refusal(SS_INVALID_ARGUMENT, "aten::reshape", {tensor(x), integers(sizes)});
  EXPECT_THAT(text, AllOf(HasSubstr("aten::reshape"), HasSubstr("shape '[5, 5]' is invalid"),
                          Not(HasSubstr("Exception raised")), Not(HasSubstr("frame #"))));
  EXPECT_EQ(live_handles(), before);
  EXPECT_EQ(value().use_count(), 2);  // the handle and this test's copy
}

TEST_F(Operator, CallsAreCountedWhileACounterExists) {
  call_tensor("aten::relu", {tensor(x)});
  const CallCounter counter;
  call_tensor("aten::relu", {tensor(x)});
  call_tensor("aten::relu", {tensor(x)});
  count_layer_call();
  EXPECT_EQ(counter.counts().operators, 2);
  EXPECT_EQ(counter.counts().layers, 1);
}

}  // namespace
}  // namespace sshost::bridge::testing
