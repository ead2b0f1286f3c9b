#include "infer/sliding_windows.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshost::infer {
namespace {

using testing::ElementsAre;

std::vector<std::pair<int64_t, int64_t>> starts(const SlidingWindows& grid) {
  std::vector<std::pair<int64_t, int64_t>> starts;
  for (const Window& window : grid.windows()) starts.emplace_back(window.top, window.left);
  return starts;
}

TEST(SlidingWindows, ShiftTheLastOneBackInside) {
  const SlidingWindows grid(97, 129, {{65, 65}, {43, 43}});
  EXPECT_THAT(starts(grid), ElementsAre(std::pair(0, 0), std::pair(0, 43), std::pair(0, 64), std::pair(32, 0),
                                        std::pair(32, 43), std::pair(32, 64)));
}

TEST(SlidingWindows, AreAsLongAsAnImageThatIsShorter) {
  const SlidingWindows grid(40, 200, {{65, 97}, {43, 64}});
  EXPECT_EQ(grid.height(), 40);
  EXPECT_EQ(grid.width(), 97);
  EXPECT_THAT(starts(grid), ElementsAre(std::pair(0, 0), std::pair(0, 64), std::pair(0, 103)));
}

TEST(SlidingWindows, WeighEveryPixelOnceInAll) {
  for (const config::SlideConfig& config :
       {config::SlideConfig{{65, 65}, {43, 43}}, {{10, 7}, {3, 7}}, {{300, 5}, {1, 1}}, {{97, 129}, {97, 129}}}) {
    const SlidingWindows grid(97, 129, config);
    at::Tensor sum = at::zeros({97, 129}, at::kDouble);
    for (const Window& window : grid.windows()) {
      sum.narrow(0, window.top, grid.height())
          .narrow(1, window.left, grid.width())
          .add_(grid.weight(window, at::TensorOptions(at::kDouble)));
    }
    EXPECT_TRUE(at::allclose(sum, at::ones_like(sum))) << config.crop_size[0] << ", " << config.stride[0];
  }
}

}  // namespace
}  // namespace sshost::infer
