#include "infer/precision.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "layer/kernel/int8_conv.h"
#include "layer/kernel/vendor_conv.h"
#include "temp_folder.h"

namespace sshost::infer {
namespace {

using state::Precision;
using test::message_of;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

config::EvaluateConfig of(const char* precision) {
  config::EvaluateConfig config;
  config.precision = precision;
  return config;
}

state::StateStore store_with_weight() {
  state::StateStore store;
  store.add({"a.weight", at::ones({1, 1, 1, 1}), true, true});
  return store;
}

state::StateStore quantised_store() {
  state::StateStore store = store_with_weight();
  auto made = std::make_shared<state::Quantisation>();
  made->convs["a.weight"] = {};
  store.quantise(std::move(made));
  return store;
}

TEST(Precision, IsThatOfTheCheckpointWhereNothingIsSaid) {
  EXPECT_EQ(choose_precision({}, store_with_weight()).precision, Precision::kFloat32);
  const bool has_unit = layer::kernel::has_int8_conv();
  const ChosenPrecision chosen = choose_precision({}, quantised_store());
  EXPECT_EQ(chosen.precision, has_unit ? Precision::kInt8 : Precision::kFloat32);
  EXPECT_EQ(chosen.warning.empty(), has_unit);
}

TEST(Precision, IsWhatThePipelineSays) {
  EXPECT_EQ(choose_precision(of("float32"), quantised_store()).precision, Precision::kFloat32);
  EXPECT_THAT(message_of<UsageError>([] { choose_precision(of("int8"), store_with_weight()); }),
              HasSubstr("evaluate.precision: int8 needs a checkpoint that `sshost quantize` wrote"));
  const ChosenPrecision chosen = choose_precision(of("bfloat16"), store_with_weight());
  EXPECT_EQ(chosen.precision, layer::kernel::has_bfloat16_conv() ? Precision::kBfloat16 : Precision::kFloat32);
  EXPECT_EQ(chosen.warning.empty(), layer::kernel::has_bfloat16_conv() && layer::kernel::has_bfloat16_unit());
}

TEST(Precision, AutoTriesWhatTheMachineAndTheModelHave) {
  EXPECT_THAT(choose_precision(of("float32"), quantised_store()).candidates, IsEmpty());
  const auto candidates = choose_precision(of("auto"), quantised_store()).candidates;
  EXPECT_THAT(candidates, Contains(Precision::kFloat32));
  EXPECT_EQ(std::count(candidates.begin(), candidates.end(), Precision::kInt8), layer::kernel::has_int8_conv() ? 1 : 0);
  const auto of_float32 = choose_precision(of("auto"), store_with_weight()).candidates;
  EXPECT_EQ(std::count(of_float32.begin(), of_float32.end(), Precision::kInt8), 0);
}

// Decides 10000 pixels, of which `wrong` are others in bfloat16, and int8 is right; each takes its time.
Precision fastest(int64_t wrong, int int8_ms, int bfloat16_ms) {
  return fastest_precision(
      {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}, [&](Precision precision, state::Prepared&) {
        const int ms = precision == Precision::kFloat32 ? 60 : precision == Precision::kInt8 ? int8_ms : bfloat16_ms;
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
        at::Tensor decisions = at::zeros({10000}, at::kLong);
        if (precision == Precision::kBfloat16) decisions.narrow(0, 0, wrong).fill_(1);
        return decisions;
      });
}

TEST(Precision, TheFastestThatDecidesAsFloat32Wins) {
  EXPECT_EQ(fastest(0, 30, 1), Precision::kBfloat16);
  EXPECT_EQ(fastest(0, 1, 30), Precision::kInt8);
  EXPECT_EQ(fastest(0, 120, 120), Precision::kFloat32);
}

TEST(Precision, AtMostOnePixelOfAThousandMayBeAnother) {
  EXPECT_EQ(fastest(10, 120, 1), Precision::kBfloat16);
  EXPECT_EQ(fastest(11, 120, 1), Precision::kFloat32);
}

}  // namespace
}  // namespace sshost::infer
