#include "infer/activation_range.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::infer {
namespace {

using test::message_of;
using testing::HasSubstr;

RangeMethod method(double percentile) { return {"", percentile}; }

// The mean squared error of values in codes.
double error_in(const at::Tensor& values, const state::Codes& codes) {
  const at::Tensor code = (values / codes.scale + static_cast<double>(codes.zero_point)).round().clamp(0, 255);
  return ((code - static_cast<double>(codes.zero_point)) * codes.scale - values).square().mean().item<double>();
}

TEST(ActivationRange, OfTheLargestValueReachesFromEndToEndWithZeroExact) {
  ActivationRange range;
  range.add(at::tensor({-1.0F, 0.5F}).view({1, 2, 1, 1}));
  range.add(at::tensor({4.0F}).view({1, 1, 1, 1}));
  const state::Codes codes = range.codes(method(100));
  EXPECT_NEAR(codes.scale, 5.0 / 255, 1e-9);
  EXPECT_EQ(codes.zero_point, 51);
}

TEST(ActivationRange, OfValuesAboveZeroBeginsWithZero) {
  ActivationRange range;
  range.add(at::full({1, 2, 3, 4}, 2.0F));
  for (const RangeMethod& each : range_methods()) EXPECT_EQ(range.codes(each).zero_point, 0) << each.name;
}

TEST(ActivationRange, OfAPercentileLeavesOutWhatIsBeyond) {
  at::Tensor values = at::linspace(-1, 1, 2001).view({1, 1, 1, 2001});
  values[0][0][0][1000] = 1000;
  ActivationRange range;
  range.add(values);
  EXPECT_NEAR(range.codes(method(99)).scale, 1.96 / 255, 1e-4);
  EXPECT_NEAR(range.codes(method(100)).scale, 1001.0 / 255, 1e-4);
}

TEST(ActivationRange, OfTheLeastErrorHasLessThanTheOthers) {
  at::manual_seed(1);
  const at::Tensor values = at::randn({1, 4, 30, 30}).pow(3);
  ActivationRange range;
  range.add(values);
  const double least = error_in(values, range.codes(method(0)));
  for (const double percentile : {99.0, 99.9, 100.0}) {
    EXPECT_LE(least, error_in(values, range.codes(method(percentile))) * 1.05) << percentile;
  }
}

TEST(ActivationRange, IsThatOfAllMapsWhateverTheirLayout) {
  at::manual_seed(2);
  const at::Tensor one = at::randn({1, 3, 5, 5}), other = at::randn({1, 3, 5, 5}) * 3;
  ActivationRange together, first, second;
  together.add(one);
  together.add(other);
  first.add(one.contiguous(at::MemoryFormat::ChannelsLast));
  second.add(other.permute({0, 1, 3, 2}));
  first.add(second);
  EXPECT_EQ(first.codes(method(100)), together.codes(method(100)));
}

TEST(ActivationRange, RefusesWhatIsNotFinite) {
  ActivationRange range;
  EXPECT_THAT(message_of<Error>([&] { range.add(at::full({1, 1, 1, 1}, NAN)); }), HasSubstr("not finite"));
  EXPECT_THAT(message_of<Error>([&] { range.codes(method(100)); }), HasSubstr("not seen"));
}

}  // namespace
}  // namespace sshost::infer
