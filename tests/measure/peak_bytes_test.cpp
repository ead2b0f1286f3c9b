#include "measure/peak_bytes.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace sshost::measure {
namespace {

constexpr int64_t kMegabyte = 1'000'000;

TEST(PeakMemory, CountsWhatWasInUseMeanwhileThoughItIsFreedAgain) {
  const MemoryUse use = measure_memory(at::kCPU, [] { at::ones({200 * kMegabyte}, at::kByte); });
  EXPECT_NEAR(static_cast<double>(use.peak - use.before), 200 * kMegabyte, 40 * kMegabyte);
}

TEST(PeakMemory, AnEarlierPeakDoesNotCount) {
  at::ones({200 * kMegabyte}, at::kByte);
  const MemoryUse use = measure_memory(at::kCPU, [] { at::ones({20 * kMegabyte}, at::kByte); });
  EXPECT_LT(use.peak - use.before, 60 * kMegabyte);
}

TEST(PeakMemory, OfTensorsIsExact) {
  const at::Tensor earlier = at::ones({4 * kMegabyte}, at::kByte);
  const auto work = [&] {
    at::ones({3 * kMegabyte}, at::kByte);
    const at::Tensor kept = at::ones({2 * kMegabyte}, at::kByte);
    at::ones({2 * kMegabyte}, at::kByte);
  };
  EXPECT_EQ(peak_of_tensors(at::kCPU, work), 4 * kMegabyte);
}

// What a backward allocates counts: the two gradients, beside the product's own.
TEST(PeakMemory, OfTensorsSeesTheBackward) {
  const at::Tensor a = at::ones({kMegabyte}, at::kFloat).requires_grad_(), b = at::ones_like(a).requires_grad_();
  EXPECT_GE(peak_of_tensors(at::kCPU, [&] { (a * b).sum().backward(); }), kMegabyte * 3 * 4);
}

}  // namespace
}  // namespace sshost::measure
