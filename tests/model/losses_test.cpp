#include "model/losses.h"
#include "model/loss_settings.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "config/pipeline.h"

namespace sshost::test {
namespace {

at::Tensor random_logits(at::IntArrayRef sizes) {
  return at::randn(sizes, at::detail::createCPUGenerator(1), at::kDouble).requires_grad_();
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels, const LossSettings& config = {}) {
  return make_loss(config, logits.size(1))(logits, labels);
}

TEST(CrossEntropy, IsTheMeanOverTheValidPixelsOfTheResizedLogits) {
  const at::Tensor logits = random_logits({2, 4, 3, 3});
  at::Tensor labels = at::randint(0, 4, {2, 6, 8}, at::kLong);
  labels[0][1][2] = 255;
  labels[1][0][0] = -1;
  labels[1][5][7] = 4;
  const at::Tensor resized = at::upsample_bilinear2d(logits, {6, 8}, false).log_softmax(1);
  const at::Tensor valid = labels.ge(0).logical_and(labels.lt(4));
  const at::Tensor picked = resized.gather(1, labels.clamp(0, 3).unsqueeze(1)).squeeze(1);
  const double expected = -picked.masked_select(valid).mean().item<double>();
  EXPECT_EQ(valid.sum().item<int64_t>(), 2 * 6 * 8 - 3);
  EXPECT_NEAR(cross_entropy(logits, labels).item<double>(), expected, 1e-12);
}

TEST(CrossEntropy, EqualsPyTorchsMeanWhereNothingIsResized) {
  const at::Tensor logits = random_logits({2, 4, 5, 5});
  const at::Tensor labels = at::randint(0, 4, {2, 5, 5}, at::kLong);
  EXPECT_NEAR(cross_entropy(logits, labels).item<double>(), at::cross_entropy_loss(logits, labels).item<double>(),
              1e-12);
}

TEST(CrossEntropy, IsZeroWithAGradientOfZeroWhereNoPixelIsValid) {
  const at::Tensor logits = random_logits({1, 4, 3, 3});
  const at::Tensor loss = cross_entropy(logits, at::full({1, 6, 6}, 255, at::kLong));
  loss.backward();
  EXPECT_EQ(loss.item<double>(), 0);
  EXPECT_TRUE(at::equal(logits.grad(), at::zeros({1, 4, 3, 3}, at::kDouble)));
}

TEST(CrossEntropy, LeavesTheLabelsAlone) {
  const at::Tensor labels = at::full({1, 3, 3}, 255, at::kLong);
  cross_entropy(random_logits({1, 4, 3, 3}), labels);
  EXPECT_TRUE(labels.eq(255).all().item<bool>());
}

TEST(ClassWeights, GivePyTorchsWeightedMean) {
  const at::Tensor logits = random_logits({2, 3, 5, 5});
  at::Tensor labels = at::randint(0, 3, {2, 5, 5}, at::kLong);
  labels[0][0][0] = 255;
  const std::vector<double> weights = {0.5, 2.0, 0.0};
  const at::Tensor expected =
      at::cross_entropy_loss(logits, labels, at::tensor(weights, at::kDouble), at::Reduction::Mean, 255);
  EXPECT_NEAR(cross_entropy(logits, labels, {.class_weights = weights}).item<double>(), expected.item<double>(), 1e-12);
  const at::Tensor weightless = cross_entropy(logits, at::full({2, 5, 5}, 2, at::kLong), {.class_weights = weights});
  EXPECT_EQ(weightless.item<double>(), 0);
}

// Logits that give the true class 0 of two these probabilities.
at::Tensor logits_for(const std::vector<double>& probabilities) {
  const at::Tensor p = at::tensor(probabilities, at::kDouble).reshape({1, 1, 1, -1});
  return at::cat({p.log(), (1 - p).log()}, 1).requires_grad_();
}

double hard_loss(const at::Tensor& logits, const HardPixels& config) {
  return cross_entropy(logits, at::zeros({1, 1, logits.size(3)}, at::kLong), {.hard_pixels = config}).item<double>();
}

TEST(HardPixels, AreThoseBelowTheThreshold) {
  const at::Tensor logits = logits_for({0.95, 0.2, 0.8, 0.5, 0.99});
  EXPECT_NEAR(hard_loss(logits, {0.7, 1}), -(std::log(0.2) + std::log(0.5)) / 2, 1e-12);
}

TEST(HardPixels, AreTheHardestWhereTooFewAreBelowTheThreshold) {
  const at::Tensor logits = logits_for({0.95, 0.9, 0.8, 0.99, 0.85});
  EXPECT_NEAR(hard_loss(logits, {0.7, 3}), -(std::log(0.8) + std::log(0.85) + std::log(0.9)) / 3, 1e-12);
}

TEST(HardPixels, TheOthersHaveNoGradient) {
  const at::Tensor logits = logits_for({0.95, 0.2, 0.8, 0.5, 0.99});
  cross_entropy(logits, at::zeros({1, 1, 5}, at::kLong), {.hard_pixels = HardPixels{0.7, 1}}).backward();
  const at::Tensor moved = logits.grad().abs().sum({0, 1, 2}).gt(0);
  EXPECT_TRUE(moved.equal(at::tensor({0, 1, 0, 1, 0}).to(at::kBool)));
}

TEST(HardPixels, OfAnImageWithoutLabelsAreNone) {
  const at::Tensor logits = random_logits({1, 2, 3, 3});
  const at::Tensor labels = at::full({1, 3, 3}, 255, at::kLong);
  EXPECT_EQ(cross_entropy(logits, labels, {.hard_pixels = HardPixels{}}).item<double>(), 0);
}

TEST(Loss, IsWeightedAndChecked) {
  const at::Tensor logits = random_logits({1, 3, 4, 4});
  const at::Tensor labels = at::randint(0, 3, {1, 4, 4}, at::kLong);
  const LossSettings config{"cross_entropy", 0.4, {1, 2, 3}};
  const at::Tensor weights = at::tensor({1.0, 2.0, 3.0}, at::kDouble);
  const double expected = 0.4 * at::cross_entropy_loss(logits, labels, weights).item<double>();
  EXPECT_NEAR(make_loss(config, 3)(logits, labels).item<double>(), expected, 1e-12);
  EXPECT_THROW(make_loss(config, 4), UsageError);
  EXPECT_THROW(make_loss({"hinge"}, 4), UsageError);
}

TEST(Losses, AreFoundByName) {
  const at::Tensor logits = random_logits({1, 4, 3, 3});
  const at::Tensor labels = at::zeros({1, 3, 3}, at::kLong);
  const double expected = cross_entropy(logits, labels).item<double>();
  EXPECT_EQ(model::compute_loss("cross_entropy", logits, labels).item<double>(), expected);
  EXPECT_EQ(model::compute_loss("", logits, labels).item<double>(), expected);
  EXPECT_THROW(model::compute_loss("hinge", logits, labels), Error);
  EXPECT_FALSE(model::is_loss("hinge"));
}

}  // namespace
}  // namespace sshost::test
