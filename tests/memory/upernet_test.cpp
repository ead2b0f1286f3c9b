#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "memory/small_model.h"

namespace sshost::test {
namespace {

TEST(UPerNet, ClassifiesAtTheSizeOfTheFirstFeature) {
  const SmallModel model("head: {type: upernet, channels: 8, scales: [1, 2]}");
  const at::Tensor logits = model.logits(at::rand({1, 3, 65, 97}));
  EXPECT_EQ(logits.sizes(), at::IntArrayRef({1, kModelClasses, 17, 25}));
}

TEST(UPerNet, ReachesEveryParameter) {
  const SmallModel model("head: {type: upernet, channels: 8, scales: [1, 2]}");
  model.train_one_step();
  std::size_t laterals = 0;
  for (const state::StateEntry& entry : model.store()) {
    if (!entry.trainable) continue;
    ASSERT_TRUE(entry.value.grad().defined()) << entry.name;
    if (entry.name.ends_with("norm.weight")) {
      EXPECT_GT(entry.value.grad().abs().max().item<double>(), 0) << entry.name;
    }
    laterals += entry.name.starts_with("head.fpn.lateral.") && entry.name.ends_with("conv.weight");
  }
  EXPECT_EQ(laterals, 3u);
}

TEST(UPerNet, HasOtherPeoplesNames) {
  const SmallModel model("head: {type: upernet, channels: 8, scales: [1, 2]}");
  const std::map<std::string, std::string> sssegmentation = model.names("sssegmentation");
  EXPECT_EQ(sssegmentation.at("head.pooling.branches.1.conv.weight"), "ppm_net.branches.1.1.weight");
  EXPECT_EQ(sssegmentation.at("head.fpn.out.2.norm.bias"), "fpn_convs.2.1.bias");
  EXPECT_EQ(sssegmentation.at("head.classifier.bias"), "decoder.4.bias");
  const std::map<std::string, std::string> mmsegmentation = model.names("mmsegmentation");
  EXPECT_EQ(mmsegmentation.at("head.pooling.branches.1.conv.weight"), "decode_head.psp_modules.1.1.conv.weight");
  EXPECT_EQ(mmsegmentation.at("head.fuse.norm.running_mean"), "decode_head.fpn_bottleneck.bn.running_mean");
  EXPECT_EQ(mmsegmentation.at("head.classifier.bias"), "decode_head.conv_seg.bias");
}

}  // namespace
}  // namespace sshost::test
