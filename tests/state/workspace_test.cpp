#include "state/workspace.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <optional>

namespace sshost::state {
namespace {

constexpr int64_t kLarge = int64_t{1} << 20;

TEST(Workspace, HandsTheNextTensorWhatTheLastOneLeft) {
  Workspace workspace;
  const void* first = workspace.empty({kLarge}).const_data_ptr();
  EXPECT_EQ(workspace.empty({kLarge}).const_data_ptr(), first);
  const at::Tensor kept = workspace.empty({kLarge});
  EXPECT_NE(workspace.empty({kLarge}).const_data_ptr(), kept.const_data_ptr());
}

TEST(Workspace, GivesTheLayoutThatIsAskedFor) {
  Workspace workspace;
  for (const at::IntArrayRef sizes : {at::IntArrayRef{2, 64, 33, 31}, at::IntArrayRef{1, 3, 2, 1}}) {
    for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
      const at::Tensor expected = at::empty(sizes, at::kFloat, std::nullopt, std::nullopt, std::nullopt, format);
      EXPECT_EQ(workspace.empty(sizes, format).strides(), expected.strides());
    }
  }
}

TEST(Workspace, ItsTensorsMayOutliveIt) {
  std::optional<Workspace> workspace(std::in_place);
  at::Tensor tensor = workspace->empty({kLarge}).fill_(3);
  workspace.reset();
  EXPECT_TRUE(tensor.equal(at::full({kLarge}, 3, at::kFloat)));
}

TEST(Workspace, BlocksOfOtherSizesDoNotPileUp) {
  Workspace workspace;
  for (int64_t i = 1; i < 40; ++i) workspace.empty({i * i * kLarge / 8});
  EXPECT_LE(workspace.bytes(), 2 * sizeof(float) * 39 * 39 * kLarge / 8);
}

}  // namespace
}  // namespace sshost::state
