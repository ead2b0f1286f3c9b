#include "measure/multiply_adds.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

namespace sshost::measure {
namespace {

TEST(MultiplyAdds, OfAConvolutionAreItsPlacesTimesItsWeights) {
  const at::NoGradGuard no_gradient;
  const at::Tensor image = at::ones({2, 6, 9, 8});
  const auto conv = [&](int64_t stride, int64_t dilation, int64_t groups) {
    const at::Tensor weight = at::ones({4, 6 / groups, 3, 3});
    return count_multiply_adds([&] {
      at::conv2d(image, weight, {}, c10::IntArrayRef({stride, stride}), {dilation, dilation}, {dilation, dilation},
                 groups);
    });
  };
  EXPECT_EQ(conv(1, 1, 1), 2 * 9 * 8 * 4 * 6 * 9);
  EXPECT_EQ(conv(2, 1, 1), 2 * 5 * 4 * 4 * 6 * 9);
  EXPECT_EQ(conv(1, 4, 1), 2 * 9 * 8 * 4 * 6 * 9);  // padding counts, as everywhere
  EXPECT_EQ(conv(1, 1, 2), 2 * 9 * 8 * 4 * 3 * 9);
}

TEST(MultiplyAdds, OfATransposedConvolutionComeFromItsInput) {
  const at::NoGradGuard no_gradient;
  const int64_t counted = count_multiply_adds([] {
    at::conv_transpose2d(at::ones({1, 6, 5, 4}), at::ones({6, 3, 2, 2}), {}, c10::IntArrayRef({2, 2}));
  });
  EXPECT_EQ(counted, 6 * 5 * 4 * 3 * 2 * 2);
}

TEST(MultiplyAdds, OfMatrixProductsAndAttention) {
  const at::NoGradGuard no_gradient;
  EXPECT_EQ(count_multiply_adds([] { at::matmul(at::ones({3, 5}), at::ones({5, 7})); }), 3 * 5 * 7);
  EXPECT_EQ(count_multiply_adds([] { at::matmul(at::ones({2, 3, 5}), at::ones({2, 5, 7})); }), 2 * 3 * 5 * 7);
  EXPECT_EQ(count_multiply_adds([] { at::linear(at::ones({3, 5}), at::ones({7, 5}), at::ones({7})); }), 3 * 5 * 7);
  const at::Tensor tokens = at::ones({1, 2, 6, 8});
  EXPECT_EQ(count_multiply_adds([&] { at::scaled_dot_product_attention(tokens, tokens, tokens); }),
            2 * (1 * 2 * 6 * 6 * 8));
}

TEST(MultiplyAdds, CountNothingElseAndNothingAfterwards) {
  const at::Tensor values = at::ones({64});
  EXPECT_EQ(count_multiply_adds([&] { values.add(values).relu().softmax(0); }), 0);
  const int64_t first = count_multiply_adds([] { at::mm(at::ones({2, 2}), at::ones({2, 2})); });
  at::mm(at::ones({9, 9}), at::ones({9, 9}));
  EXPECT_EQ(first, 8);
}

}  // namespace
}  // namespace sshost::measure
