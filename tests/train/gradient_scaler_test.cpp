#include "train/gradient_scaler.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sshost::train {
namespace {

std::vector<at::Tensor> gradients(float value) { return {at::full({3}, value), at::full({2, 2}, value)}; }

TEST(GradientScaler, DividesGradientsByWhatItMultipliedTheLossBy) {
  GradientScaler scaler;
  const at::Tensor x = at::full({2}, 3.0F).requires_grad_();
  scaler.scaled((x * x).sum()).backward();
  EXPECT_EQ(x.grad()[0].item<float>(), 6.0F * 65536);
  EXPECT_TRUE(scaler.unscale({x.grad()}));
  EXPECT_EQ(x.grad()[0].item<float>(), 6.0F);
  EXPECT_EQ(scaler.state().scale, 65536);
}

TEST(GradientScaler, IsHalvedByAGradientThatIsNotFinite) {
  GradientScaler scaler;
  for (const float broken : {INFINITY, NAN}) {
    const double before = scaler.state().scale;
    std::vector<at::Tensor> all = gradients(1);
    all[1][0][1] = broken;
    EXPECT_FALSE(scaler.unscale(all));
    EXPECT_EQ(scaler.state().scale, before / 2);
    EXPECT_EQ(scaler.state().good_steps, 0);
  }
  EXPECT_TRUE(scaler.unscale(gradients(1)));
}

TEST(GradientScaler, GrowsAfterManyGoodSteps) {
  GradientScaler scaler;
  scaler.set_state({1024, GradientScaler::kGrowthInterval - 2});
  EXPECT_TRUE(scaler.unscale(gradients(1)));
  EXPECT_EQ(scaler.state().scale, 1024);
  EXPECT_TRUE(scaler.unscale(gradients(1)));
  EXPECT_EQ(scaler.state().scale, 2048);
  EXPECT_EQ(scaler.state().good_steps, 0);
  EXPECT_TRUE(scaler.unscale({}));
}

}  // namespace
}  // namespace sshost::train
