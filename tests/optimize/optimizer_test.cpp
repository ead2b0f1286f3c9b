#include "optimize/optimizer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "config/scalar.h"
#include "config/typed.h"
#include "optimize/optimizer_type.h"

namespace sshost::optimize {
namespace {

config::TypedConfig sgd(double momentum, double decay, bool nesterov = false, const std::string& rules = "[]") {
  return config::typed(optimizer_types(), "sgd",
                       "{momentum: " + config::format_double(momentum) +
                           ", weight_decay: " + config::format_double(decay) +
                           ", nesterov: " + (nesterov ? "true" : "false") + ", rules: " + rules + "}");
}

void set_gradient(const state::StateStore& store, const std::string& name, const at::Tensor& gradient) {
  store.find(name)->value.mutable_grad() = gradient;
}

TEST(ParameterRules, TheLongestMatchWinsThenTheFirstInTheAlphabet) {
  const std::vector<ParameterRule> rules = {
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
  state::StateStore store(at::kDouble);
  const at::Tensor start = at::randn({5, 7}, at::kDouble);
  store.add({"w", start.clone(), true, true});
  const auto optimizer = make_optimizer(store, sgd(momentum, decay, nesterov), {});

  at::Tensor expected = start.clone();
  at::Tensor moving = at::zeros_like(expected);
  for (int step = 0; step < 4; ++step) {
    const at::Tensor gradient = at::randn({5, 7}, at::kDouble);
    const double rate = 0.1 / (step + 1);
    set_gradient(store, "w", gradient.clone());
    optimizer->step(rate);
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
  state::StateStore store;
  store.add({"backbone.w", at::ones({1}), true, true});
  store.add({"head.w", at::ones({1}), true, true});
  store.add({"backbone.mean", at::ones({1}), false, true});
  const config::TypedConfig config =
      sgd(0, 0.5, false,
          "[{match: backbone_net, lr_factor: 0.1, decay_factor: 0}, {match: backbone.w, lr_factor: 100, "
          "decay_factor: 100}]");
  const auto optimizer = make_optimizer(store, config, {{"backbone.w", "backbone_net.layer1.w"}});
  set_gradient(store, "backbone.w", at::ones({1}));
  set_gradient(store, "head.w", at::ones({1}));
  optimizer->step(1);
  EXPECT_FLOAT_EQ(store.find("backbone.w")->value.item<float>(), 0.9F);  // no decay, a tenth of the rate
  EXPECT_FLOAT_EQ(store.find("head.w")->value.item<float>(), -0.5F);     // 1 - (1 + 0.5)
  EXPECT_FLOAT_EQ(store.find("backbone.mean")->value.item<float>(), 1);
}

TEST(Sgd, TakesGradientsInAnotherMemoryFormat) {
  state::StateStore store;
  store.add({"w", at::zeros({2, 3, 4, 5}), true, true});
  const auto optimizer = make_optimizer(store, sgd(0.9, 0), {});
  const at::Tensor gradient = at::randn({2, 3, 4, 5});
  set_gradient(store, "w", gradient.contiguous(at::MemoryFormat::ChannelsLast));
  optimizer->step(1);
  EXPECT_TRUE(store.find("w")->value.equal(-gradient));
}

TEST(Sgd, LeavesParametersWithoutGradientAlone) {
  state::StateStore store;
  store.add({"used", at::ones({1}), true, true});
  store.add({"unused", at::ones({1}), true, true});
  const auto optimizer = make_optimizer(store, sgd(0.9, 0.1), {});
  set_gradient(store, "used", at::ones({1}));
  optimizer->step(1);
  EXPECT_NE(store.find("used")->value.item<float>(), 1);
  EXPECT_EQ(store.find("unused")->value.item<float>(), 1);
  optimizer->zero_grad();
  EXPECT_FALSE(store.find("used")->value.grad().defined());
}

TEST(Sgd, GoesOnFromASavedState) {
  const at::Tensor gradient = at::randn({3});
  state::StateStore first;
  first.add({"w", at::ones({3}), true, true});
  const auto before = make_optimizer(first, sgd(0.9, 0.1), {});
  set_gradient(first, "w", gradient);
  before->step(0.1);

  state::StateStore second;
  second.add({"w", first.find("w")->value.detach().clone(), true, true});
  const auto after = make_optimizer(second, sgd(0.9, 0.1), {});
  after->load_state(before->state());
  set_gradient(second, "w", gradient);
  before->step(0.1);
  after->step(0.1);
  EXPECT_TRUE(second.find("w")->value.equal(first.find("w")->value));

  EXPECT_THROW(after->load_state({}), Error);
  EXPECT_THROW(after->load_state({{"v", at::ones({3})}}), Error);
  EXPECT_THROW(after->load_state({{"w", at::ones({4})}}), Error);
}

// An eps of 1e-3 is large enough to be seen.
config::TypedConfig adamw(double decay, double eps = 1e-3, const std::string& rules = "[]") {
  return config::typed(optimizer_types(), "adamw",
                       "{betas: [0.8, 0.95], eps: " + config::format_double(eps) +
                           ", weight_decay: " + config::format_double(decay) + ", rules: " + rules + "}");
}

class AdamWFormula : public testing::TestWithParam<double> {};

TEST_P(AdamWFormula, EqualsTheFusedSteps) {
  const double decay = GetParam();
  state::StateStore store(at::kDouble);
  const at::Tensor start = at::randn({5, 7}, at::kDouble);
  store.add({"w", start.clone(), true, true});
  const auto optimizer = make_optimizer(store, adamw(decay), {});

  at::Tensor expected = start.clone();
  at::Tensor mean = at::zeros_like(expected);
  at::Tensor square = at::zeros_like(expected);
  for (int t = 1; t <= 5; ++t) {
    const at::Tensor gradient = at::randn({5, 7}, at::kDouble);
    const double rate = 0.1 / t;
    set_gradient(store, "w", gradient.clone());
    optimizer->step(rate);
    expected = expected * (1 - rate * decay);
    mean = 0.8 * mean + 0.2 * gradient;
    square = 0.95 * square + 0.05 * gradient * gradient;
    const at::Tensor unbiased_mean = mean / (1 - std::pow(0.8, t));
    const at::Tensor unbiased_square = square / (1 - std::pow(0.95, t));
    expected = expected - rate * unbiased_mean / (unbiased_square.sqrt() + 1e-3);
  }
  EXPECT_TRUE(at::allclose(store.find("w")->value, expected, 1e-12, 1e-12));
}

INSTANTIATE_TEST_SUITE_P(AdamW, AdamWFormula, testing::Values(0.0, 0.01, 0.5));

TEST(AdamW, FollowsRulesAndCountsOnlyStepsWithAGradient) {
  state::StateStore store(at::kDouble);
  store.add({"slow", at::ones({1}, at::kDouble), true, true});
  store.add({"late", at::ones({1}, at::kDouble), true, true});
  const config::TypedConfig config = adamw(0.5, 0, "[{match: slow, lr_factor: 0.1, decay_factor: 0}]");
  const auto optimizer = make_optimizer(store, config, {});
  const auto value = [&store](const char* name) { return store.find(name)->value.item<double>(); };
  set_gradient(store, "slow", at::ones({1}, at::kDouble));
  optimizer->step(0.1);
  EXPECT_DOUBLE_EQ(value("slow"), 1 - 0.01);  // a first step is the rate itself, here a tenth of it, without decay
  EXPECT_DOUBLE_EQ(value("late"), 1);
  set_gradient(store, "late", at::ones({1}, at::kDouble));
  optimizer->step(0.1);
  EXPECT_DOUBLE_EQ(value("late"), 1 - 0.05 - 0.1);  // its first step, whatever the number of the others'
}

TEST(AdamW, GoesOnFromASavedStateBitForBit) {
  state::StateStore first;
  state::StateStore second;
  first.add({"w", at::ones({3}), true, true});
  const auto before = make_optimizer(first, adamw(0.1), {});
  for (int step = 0; step < 3; ++step) {
    set_gradient(first, "w", at::randn({3}));
    before->step(0.1);
  }
  second.add({"w", first.find("w")->value.detach().clone(), true, true});
  const auto after = make_optimizer(second, adamw(0.1), {});
  after->load_state(before->state());
  const at::Tensor gradient = at::randn({3});
  set_gradient(first, "w", gradient);
  set_gradient(second, "w", gradient);
  before->step(0.1);
  after->step(0.1);
  EXPECT_TRUE(second.find("w")->value.equal(first.find("w")->value));
  EXPECT_THROW(after->load_state({}), Error);
  EXPECT_THROW(make_optimizer(first, sgd(0.9, 0), {})->load_state(before->state()), Error);
}

TEST(Optimizer, ShortensGradientsThatAreTooLongTogether) {
  state::StateStore store(at::kDouble);
  store.add({"a", at::zeros({2}, at::kDouble), true, true});
  store.add({"b", at::zeros({1}, at::kDouble), true, true});
  store.add({"unused", at::zeros({1}, at::kDouble), true, true});
  const auto optimizer = make_optimizer(store, sgd(0, 0), {});
  const auto gradient = [&store](const char* name) { return store.find(name)->value.grad(); };
  const auto set = [&] {
    set_gradient(store, "a", at::tensor({2.0, 3.0}, at::kDouble));
    set_gradient(store, "b", at::tensor({6.0}, at::kDouble));
  };
  set();
  EXPECT_DOUBLE_EQ(optimizer->clip_gradients(8), 7);
  EXPECT_EQ(gradient("b").item<double>(), 6);
  EXPECT_DOUBLE_EQ(optimizer->clip_gradients(3.5), 7);
  EXPECT_TRUE(at::allclose(gradient("a"), at::tensor({1.0, 1.5}, at::kDouble), 1e-6));
  EXPECT_NEAR(gradient("b").item<double>(), 3, 1e-6);
  optimizer->zero_grad();
  EXPECT_EQ(optimizer->clip_gradients(1), 0);
}

TEST(Optimizer, RefusesAnUnknownType) {
  config::TypedConfig config = sgd(0, 0);
  config.type = "adagrad";
  EXPECT_THROW(make_optimizer(state::StateStore(), config, {}), UsageError);
}

}  // namespace
}  // namespace sshost::optimize
