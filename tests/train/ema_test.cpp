#include "train/ema.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sshost::train {
namespace {

state::StateStore make_store() {
  state::StateStore store(at::kDouble);
  store.add({"weight", at::full({2, 3}, 1.0, at::kDouble), true, true});
  store.add({"running_mean", at::full({3}, 5.0, at::kDouble), false, true});
  store.add({"batches", at::zeros({}, at::kLong), false, true});
  return store;
}

void set(const state::StateStore& store, const std::string& name, double value) {
  store.find(name)->value.detach().fill_(value);
}

double value_of(const state::StateStore& store, const std::string& name) {
  return store.find(name)->value.flatten()[0].item<double>();
}

class MovingAverageDecay : public testing::TestWithParam<bool> {};

TEST_P(MovingAverageDecay, FollowsTheFormulaForParametersAndTheModelForBuffers) {
  const bool warmup = GetParam();
  state::StateStore store = make_store();
  MovingAverage average(store, {.decay = 0.3, .warmup = warmup});
  double expected = 1;
  for (int n = 0; n < 6; ++n) {
    set(store, "weight", 10.0 * n);
    set(store, "running_mean", -n);
    set(store, "batches", n);
    average.update();
    const double decay = warmup ? std::min(0.3, (1.0 + n) / (10.0 + n)) : 0.3;
    expected = decay * expected + (1 - decay) * 10 * n;
    EXPECT_NEAR(value_of(average.store(), "weight"), expected, 1e-12) << n;
    EXPECT_EQ(value_of(average.store(), "running_mean"), -n);
    EXPECT_EQ(value_of(average.store(), "batches"), n);
    EXPECT_EQ(value_of(store, "weight"), 10.0 * n) << "the model itself is left alone";
  }
  EXPECT_EQ(average.updates(), 6);
  average.copy_to_model();
  EXPECT_NEAR(value_of(store, "weight"), expected, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Ema, MovingAverageDecay, testing::Bool());

TEST(Ema, GoesOnFromTheModelsValues) {
  state::StateStore store = make_store();
  MovingAverage average(store, {.decay = 0.9, .warmup = true});
  set(store, "weight", 3);
  average.resume(90);
  EXPECT_EQ(value_of(average.store(), "weight"), 3);
  set(store, "weight", 4);
  average.update();
  EXPECT_NEAR(value_of(average.store(), "weight"), 0.9 * 3 + 0.1 * 4, 1e-12);  // 91 / 100 is above the decay
  EXPECT_EQ(average.updates(), 91);
}

}  // namespace
}  // namespace sshost::train
