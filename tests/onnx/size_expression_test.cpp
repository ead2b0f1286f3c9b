#include "onnx/size_expression.h"

#include <gtest/gtest.h>

namespace sshost::onnx {
namespace {

const std::vector<KnownSize> kKnown = {{"image", 2, {129, 162, 259, 224, 192, 450}},
                                       {"image", 3, {225, 130, 163, 192, 224, 421}}};

int64_t quotient(int64_t number, int64_t divisor) {
  return number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor);
}

int64_t value_of(const SizeExpression& expression, size_t forward) {
  if (expression.first == nullptr) return expression.shift;
  const int64_t first = expression.first->numbers[forward];
  const int64_t second = expression.second == nullptr ? 1 : expression.second->numbers[forward];
  const int64_t inner = quotient(expression.scale * first * second + expression.offset, expression.divisor);
  return inner * expression.factor + expression.shift - (expression.less_first ? first : 0);
}

template <typename Function>
Numbers made_of(size_t known, Function&& function) {
  Numbers numbers;
  for (const int64_t number : kKnown[known].numbers) numbers.push_back(function(number));
  return numbers;
}

// Expects an expression of this size that gives the numbers, and the same function at a size that was not recorded.
template <typename Function>
void expect_found(size_t known, Function&& function) {
  const Numbers numbers = made_of(known, function);
  const std::optional<SizeExpression> found = find_expression(numbers, kKnown);
  ASSERT_TRUE(found);
  for (size_t forward = 0; forward < numbers.size(); ++forward) EXPECT_EQ(value_of(*found, forward), numbers[forward]);
  KnownSize elsewhere{"", 0, {}};
  for (int64_t size = 64; size < 512; ++size) elsewhere.numbers.push_back(size);
  SizeExpression moved = *found;
  moved.first = &elsewhere;
  for (size_t i = 0; i < elsewhere.numbers.size(); ++i) EXPECT_EQ(value_of(moved, i), function(elsewhere.numbers[i]));
}

TEST(SizeExpression, ANumberThatIsAlwaysTheSameIsNoFunctionOfSizes) {
  const std::optional<SizeExpression> found = find_expression({7, 7, 7, 7, 7, 7}, kKnown);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first, nullptr);
  EXPECT_EQ(found->shift, 7);
}

TEST(SizeExpression, WhatPluginsComputeOfSizesIsFound) {
  for (const size_t axis : {0, 1}) {
    expect_found(axis, [](int64_t size) { return size; });
    expect_found(axis, [](int64_t size) { return 4 * size; });
    expect_found(axis, [](int64_t size) { return size - 7; });
    expect_found(axis, [](int64_t size) { return size / 2; });
    expect_found(axis, [](int64_t size) { return (size + 15) / 16; });
    expect_found(axis, [](int64_t size) { return (size + 6) / 7 * 7; });
    expect_found(axis, [](int64_t size) { return (size + 11) / 12 * 12 - 12; });
    expect_found(axis, [](int64_t size) { return (16 - size % 16) % 16; });
    expect_found(axis, [](int64_t size) { return size % 2; });
  }
}

TEST(SizeExpression, AProductOfTwoSizesIsFound) {
  Numbers areas;
  for (size_t i = 0; i < 6; ++i) areas.push_back(1 + kKnown[0].numbers[i] * kKnown[1].numbers[i]);
  const std::optional<SizeExpression> found = find_expression(areas, kKnown);
  ASSERT_TRUE(found && found->second != nullptr);
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(value_of(*found, i), areas[i]);
}

// Sizes 36, 48, 72 and 60 over 12 are also what 11 gives, rounded down.
TEST(SizeExpression, AWholeQuotientGoesBeforeOneThatIsRounded) {
  const std::vector<KnownSize> known = {{"windows", 1, {36, 48, 72, 60}}};
  const std::optional<SizeExpression> found = find_expression({3, 4, 6, 5}, known);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->divisor, 12);
}

// 46 and 48 give these, rounded up.
TEST(SizeExpression, AQuotientThatTheSizesDoNotTellIsNotGuessed) {
  const std::vector<KnownSize> known = {{"image", 2, {129, 162, 259, 224, 320}}};
  EXPECT_FALSE(find_expression({3, 4, 6, 5, 7}, known));
}

TEST(SizeExpression, WhatIsNoSuchFunctionIsNotFound) { EXPECT_FALSE(find_expression({11, 500, 3, 7, 9, 2}, kKnown)); }

}  // namespace
}  // namespace sshost::onnx
