// Losses written down pixel by pixel, as an independent reference, and what their tests share.
#ifndef SSHOST_TESTS_MODEL_PIXEL_BY_PIXEL_H
#define SSHOST_TESTS_MODEL_PIXEL_BY_PIXEL_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace sshost::test {

// A pixel that has a class, with the softmax of its logits.
struct Pixel {
  int64_t image;
  int64_t label;
  std::vector<double> p;
};

// logits [N, K, H, W] at the labels' size; pixels whose label is no class are left out.
std::vector<Pixel> pixels_of(const at::Tensor& logits, const at::Tensor& labels);

// Expects the gradient of `loss` with respect to `logits` (float64, a leaf) to be that of central differences.
void expect_gradient(const at::Tensor& logits, const std::function<at::Tensor(const at::Tensor&)>& loss);

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MODEL_PIXEL_BY_PIXEL_H
