#include "engine/optimizer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "error.h"

namespace sshost::engine {
namespace {

config::OptimizerConfig sgd(double momentum, double decay, bool nesterov = false) {
  config::OptimizerConfig config;
  config.momentum = momentum;
  config.weight_decay = decay;
  config.nesterov = nesterov;
  return config;
}

void set_gradient(const model::StateStore& store, const std::string& name, const at::Tensor& gradient) {
  store.find(name)->value.mutable_grad() = gradient;
}

TEST(ParameterRules, TheLongestMatchWinsThenTheFirstInTheAlphabet) {
  const std::vector<config::ParameterRule> rules = {
      {"backbone", 0.1, 1}, {"backbone.norm", 0.2, 0}, {"norm", 0.3, 1}, {"bias", 0.4, 1}, {"stem", 0.5, 1}};
  EXPECT_EQ(factors_for("backbone.conv.weight", rules).lr, 0.1);
  EXPECT_EQ(factors_for("backbone.norm.weight", rules).lr, 0.2);
  EXPECT_EQ(factors_for("backbone.norm.weight", rules).decay, 0);
  EXPECT_EQ(factors_for("head.norm.weight", rules).lr, 0.3);
  EXPECT_EQ(factors_for("head.norm.bias", rules).lr, 0.4);  // "bias" before "norm"
  EXPECT_EQ(factors_for("head.stem.bias", rules).lr, 0.4);
  EXPECT_EQ(factors_for("head.conv.weight", rules).lr, 1);
  EXPECT_EQ(factors_for("head.conv.weight", rules).decay, 1);
}

class SgdFormula : public testing::TestWithParam<std::tuple<double, double, bool>> {};

TEST_P(SgdFormula, EqualsTheFusedSteps) {
  const auto [momentum, decay, nesterov] = GetParam();
  model::StateStore store(at::kDouble);
  const at::Tensor start = at::randn({5, 7}, at::kDouble);
  store.add({"w", start.clone(), true, true});
  Sgd optimizer(store, sgd(momentum, decay, nesterov), {});

  at::Tensor expected = start.clone();
  at::Tensor moving = at::zeros_like(expected);
  for (int step = 0; step < 4; ++step) {
    const at::Tensor gradient = at::randn({5, 7}, at::kDouble);
    const double rate = 0.1 / (step + 1);
    set_gradient(store, "w", gradient.clone());
    optimizer.step(rate);
    const at::Tensor decayed = gradient + decay * expected;
    moving = momentum * moving + decayed;
    expected = expected - rate * (nesterov ? decayed + momentum * moving : moving);
  }
  EXPECT_TRUE(at::allclose(store.find("w")->value, expected, 1e-13, 1e-13));
}

INSTANTIATE_TEST_SUITE_P(Sgd, SgdFormula,
                         testing::Values(std::tuple(0.9, 5e-4, false), std::tuple(0.9, 0.1, true),
                                         std::tuple(0.0, 0.1, false), std::tuple(0.5, 0.0, false)));

TEST(Sgd, MatchesRulesByPublishedNamesWhereThereAreSome) {
  model::StateStore store;
  store.add({"backbone.w", at::ones({1}), true, true});
  store.add({"head.w", at::ones({1}), true, true});
  store.add({"backbone.mean", at::ones({1}), false, true});
  config::OptimizerConfig config = sgd(0, 0.5);
  config.rules = {{"backbone_net", 0.1, 0}, {"backbone.w", 100, 100}};
  Sgd optimizer(store, config, {{"backbone.w", "backbone_net.layer1.w"}});
  set_gradient(store, "backbone.w", at::ones({1}));
  set_gradient(store, "head.w", at::ones({1}));
  optimizer.step(1);
  EXPECT_FLOAT_EQ(store.find("backbone.w")->value.item<float>(), 0.9F);  // no decay, a tenth of the rate
  EXPECT_FLOAT_EQ(store.find("head.w")->value.item<float>(), -0.5F);     // 1 - (1 + 0.5)
  EXPECT_FLOAT_EQ(store.find("backbone.mean")->value.item<float>(), 1);
}

TEST(Sgd, TakesGradientsInAnotherMemoryFormat) {
  model::StateStore store;
  store.add({"w", at::zeros({2, 3, 4, 5}), true, true});
  Sgd optimizer(store, sgd(0.9, 0), {});
  const at::Tensor gradient = at::randn({2, 3, 4, 5});
  set_gradient(store, "w", gradient.contiguous(at::MemoryFormat::ChannelsLast));
  optimizer.step(1);
  EXPECT_TRUE(store.find("w")->value.equal(-gradient));
}

TEST(Sgd, LeavesParametersWithoutGradientAlone) {
  model::StateStore store;
  store.add({"used", at::ones({1}), true, true});
  store.add({"unused", at::ones({1}), true, true});
  Sgd optimizer(store, sgd(0.9, 0.1), {});
  set_gradient(store, "used", at::ones({1}));
  optimizer.step(1);
  EXPECT_NE(store.find("used")->value.item<float>(), 1);
  EXPECT_EQ(store.find("unused")->value.item<float>(), 1);
  optimizer.zero_grad();
  EXPECT_FALSE(store.find("used")->value.grad().defined());
}

TEST(Sgd, GoesOnFromASavedState) {
  const at::Tensor gradient = at::randn({3});
  model::StateStore first;
  first.add({"w", at::ones({3}), true, true});
  Sgd before(first, sgd(0.9, 0.1), {});
  set_gradient(first, "w", gradient);
  before.step(0.1);

  model::StateStore second;
  second.add({"w", first.find("w")->value.detach().clone(), true, true});
  Sgd after(second, sgd(0.9, 0.1), {});
  after.load_state(before.state());
  set_gradient(second, "w", gradient);
  before.step(0.1);
  after.step(0.1);
  EXPECT_TRUE(second.find("w")->value.equal(first.find("w")->value));

  EXPECT_THROW(after.load_state({}), Error);
  EXPECT_THROW(after.load_state({{"v", at::ones({3})}}), Error);
  EXPECT_THROW(after.load_state({{"w", at::ones({4})}}), Error);
}

}  // namespace
}  // namespace sshost::engine
