#include "model/pixel_by_pixel.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sshost::test {

std::vector<Pixel> pixels_of(const at::Tensor& logits, const at::Tensor& labels) {
  std::vector<Pixel> pixels;
  const int64_t classes = logits.size(1);
  for (int64_t n = 0; n < labels.size(0); ++n) {
    for (int64_t y = 0; y < labels.size(1); ++y) {
      for (int64_t x = 0; x < labels.size(2); ++x) {
        Pixel pixel{n, labels[n][y][x].item<int64_t>(), {}};
        if (pixel.label < 0 || pixel.label >= classes) continue;
        double sum = 0;
        for (int64_t c = 0; c < classes; ++c) {
          pixel.p.push_back(std::exp(logits[n][c][y][x].item<double>()));
          sum += pixel.p.back();
        }
        for (double& p : pixel.p) p /= sum;
        pixels.push_back(pixel);
      }
    }
  }
  return pixels;
}

void expect_gradient(const at::Tensor& logits, const std::function<at::Tensor(const at::Tensor&)>& loss) {
  constexpr double kStep = 1e-6;
  const at::Tensor leaf = logits.detach().clone().requires_grad_();
  loss(leaf).backward();
  const at::Tensor gradient = leaf.grad().flatten();
  const at::NoGradGuard no_gradient;
  for (int64_t i = 0; i < gradient.size(0); ++i) {
    const at::Tensor above = logits.detach().clone();
    const at::Tensor below = logits.detach().clone();
    above.view({-1})[i].add_(kStep);
    below.view({-1})[i].sub_(kStep);
    const double slope = (loss(above).item<double>() - loss(below).item<double>()) / (2 * kStep);
    EXPECT_NEAR(gradient[i].item<double>(), slope, 1e-7) << "of logit " << i;
  }
}

}  // namespace sshost::test
