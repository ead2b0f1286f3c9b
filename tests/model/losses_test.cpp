#include "model/losses.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "error.h"

namespace sshost::test {
namespace {

at::Tensor random_logits(at::IntArrayRef sizes) {
  return at::randn(sizes, at::detail::createCPUGenerator(1), at::kDouble).requires_grad_();
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
  EXPECT_NEAR(model::cross_entropy(logits, labels).item<double>(), expected, 1e-12);
}

TEST(CrossEntropy, EqualsPyTorchsMeanWhereNothingIsResized) {
  const at::Tensor logits = random_logits({2, 4, 5, 5});
  const at::Tensor labels = at::randint(0, 4, {2, 5, 5}, at::kLong);
  EXPECT_NEAR(model::cross_entropy(logits, labels).item<double>(),
              at::cross_entropy_loss(logits, labels).item<double>(), 1e-12);
}

TEST(CrossEntropy, IsZeroWithAGradientOfZeroWhereNoPixelIsValid) {
  const at::Tensor logits = random_logits({1, 4, 3, 3});
  const at::Tensor loss = model::cross_entropy(logits, at::full({1, 6, 6}, 255, at::kLong));
  loss.backward();
  EXPECT_EQ(loss.item<double>(), 0);
  EXPECT_TRUE(at::equal(logits.grad(), at::zeros({1, 4, 3, 3}, at::kDouble)));
}

TEST(CrossEntropy, LeavesTheLabelsAlone) {
  const at::Tensor labels = at::full({1, 3, 3}, 255, at::kLong);
  model::cross_entropy(random_logits({1, 4, 3, 3}), labels);
  EXPECT_TRUE(labels.eq(255).all().item<bool>());
}

TEST(Losses, AreFoundByName) {
  const at::Tensor logits = random_logits({1, 4, 3, 3});
  const at::Tensor labels = at::zeros({1, 3, 3}, at::kLong);
  const double expected = model::cross_entropy(logits, labels).item<double>();
  EXPECT_EQ(model::compute_loss("cross_entropy", logits, labels).item<double>(), expected);
  EXPECT_EQ(model::compute_loss("", logits, labels).item<double>(), expected);
  EXPECT_THROW(model::compute_loss("hinge", logits, labels), Error);
  EXPECT_FALSE(model::is_loss("hinge"));
}

}  // namespace
}  // namespace sshost::test
