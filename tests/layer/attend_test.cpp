#include "layer/kernel/attend.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "layer/kernel/panels.h"
#include "layer/operators.h"

namespace sshost::layer::kernel {
namespace {

at::Tensor plain(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double scale) {
  return at::matmul(at::softmax(at::matmul(query.to(at::kDouble), key.to(at::kDouble)) * scale, -1),
                    value.to(at::kDouble));
}

struct Case {
  at::Tensor query, key, value;
};

// Maps as plugins have them: channels last, seen as tokens.
Case draw(const std::array<int64_t, 5>& sizes) {
  const auto [images, queries, channels, keys, width] = sizes;
  return {at::randn({images, channels, queries}).transpose(1, 2), at::randn({images, keys, channels}).transpose(1, 2),
          at::randn({images, keys, width})};
}

TEST(Attend, EqualsItsOperators) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  at::manual_seed(3);
  for (const auto& sizes : {std::array<int64_t, 5>{2, 100, 64, 150, 48}, std::array<int64_t, 5>{1, 1, 7, 1, 3},
                            std::array<int64_t, 5>{1, 33, 300, 65, 256}, std::array<int64_t, 5>{3, 64, 32, 640, 20}}) {
    const Case drawn = draw(sizes);
    ASSERT_TRUE(fits_attend(drawn.query, drawn.key, drawn.value));
    const at::Tensor found = attend(drawn.query, drawn.key, drawn.value, 0.3);
    EXPECT_TRUE(found.to(at::kDouble).allclose(plain(drawn.query, drawn.key, drawn.value, 0.3), 1e-5, 1e-5))
        << sizes[1];
  }
}

TEST(Attend, LargeProductsDoNotOverflow) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  const Case drawn = draw({1, 40, 16, 70, 8});
  const at::Tensor found = attend(drawn.query * 1000, drawn.key * 1000, drawn.value, 1);
  EXPECT_TRUE(found.to(at::kDouble).allclose(plain(drawn.query * 1000, drawn.key * 1000, drawn.value, 1), 1e-4, 1e-4));
}

TEST(Attend, LeavesNoNumberOfWhatIsNone) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Case drawn = draw({1, 40, 16, 70, 8});
  drawn.key[0][3][5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(attend(drawn.query, drawn.key, drawn.value, 1).isnan().all().item<bool>());
}

TEST(Attend, TheOperatorHasGradients) {
  register_operators();
  const Case drawn = draw({1, 4, 8, 6, 3});
  const auto op = c10::Dispatcher::singleton()
                      .findSchemaOrThrow("sshost::attention", "")
                      .typed<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, double)>();
  const at::Tensor query = drawn.query.clone().requires_grad_();
  op.call(query, drawn.key, drawn.value, 0.5).sum().backward();
  EXPECT_TRUE(query.grad().defined());
  const at::NoGradGuard no_grad;
  const at::Tensor expected = plain(drawn.query, drawn.key, drawn.value, 0.5);
  EXPECT_TRUE(op.call(drawn.query, drawn.key, drawn.value, 0.5).to(at::kDouble).allclose(expected, 1e-5, 1e-5));
}

}  // namespace
}  // namespace sshost::layer::kernel
