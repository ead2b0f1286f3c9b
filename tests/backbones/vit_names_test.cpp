// Published checkpoints of vision transformers.
#include <gmock/gmock.h>

#include "backbones/checkpoint_file.h"

namespace sshost::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// 4 x 6 patches.
const char* const kSmall =
    "{type: vit, channels: 8, depth: 2, heads: 2, layers: [0, 1], image_size: [64, 96], final_norm: true}";

TEST(VitNames, AreThoseOfTheFormats) {
  const ImportBench bench(kSmall);
  EXPECT_EQ(bench.published("timm", "blocks.1.attn.qkv.weight"), "blocks.1.attn.qkv.weight");
  EXPECT_EQ(bench.published("timm", "pos_embed"), "pos_embed");
  EXPECT_EQ(bench.published("torchvision", "cls_token"), "class_token");
  EXPECT_EQ(bench.published("torchvision", "patch_embed.proj.bias"), "conv_proj.bias");
  EXPECT_EQ(bench.published("torchvision", "blocks.1.attn.qkv.bias"),
            "encoder.layers.encoder_layer_1.self_attention.in_proj_bias");
  EXPECT_EQ(bench.published("torchvision", "blocks.1.mlp.fc2.weight"), "encoder.layers.encoder_layer_1.mlp.3.weight");
  EXPECT_EQ(bench.published("torchvision_download", "blocks.1.mlp.fc2.weight"),
            "encoder.layers.encoder_layer_1.mlp.linear_2.weight");
  EXPECT_EQ(bench.published("mmsegmentation", "blocks.1.attn.qkv.bias"), "backbone.layers.1.attn.attn.in_proj_bias");
  EXPECT_EQ(bench.published("mmsegmentation", "blocks.0.attn.proj.weight"),
            "backbone.layers.0.attn.attn.out_proj.weight");
  EXPECT_EQ(bench.published("mmsegmentation", "blocks.0.norm2.bias"), "backbone.layers.0.ln2.bias");
  EXPECT_EQ(bench.published("sssegmentation", "blocks.1.mlp.fc1.weight"),
            "backbone_net.layers.1.ffn.layers.0.0.weight");
  EXPECT_EQ(bench.published("sssegmentation", "blocks.1.mlp.fc2.bias"), "backbone_net.layers.1.ffn.layers.1.bias");
  EXPECT_EQ(bench.published("sssegmentation", "patch_embed.proj.weight"), "backbone_net.patch_embed.projection.weight");
}

class VitFormat : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Vit, VitFormat,
                         testing::Values("timm", "torchvision", "torchvision_download", "mmsegmentation",
                                         "sssegmentation"),
                         [](const auto& test) { return test.param; });

TEST_P(VitFormat, IsReadWhole) {
  ImportBench bench(kSmall);
  std::map<std::string, at::Tensor> file = bench.file(GetParam());
  const at::Tensor weight = file.at(bench.published(GetParam(), "blocks.1.attn.qkv.weight"));
  const at::Tensor positions = file.at(bench.published(GetParam(), "pos_embed"));
  const checkpoint::ImportReport report = bench.load(file);
  EXPECT_THAT(report.unused, IsEmpty());
  EXPECT_TRUE(at::equal(bench.value("blocks.1.attn.qkv.weight"), weight.to(at::kFloat)));
  EXPECT_TRUE(at::equal(bench.value("pos_embed"), positions.to(at::kFloat)));
}

TEST_P(VitFormat, PositionsOfAnotherImageSizeAreResized) {
  ImportBench bench(kSmall);
  std::map<std::string, at::Tensor> file = bench.file(GetParam());
  const at::Tensor of_class = at::randn({1, 1, 8}), of_patches = at::randn({1, 8, 3, 3});
  file[bench.published(GetParam(), "pos_embed")] = at::cat({of_class, of_patches.flatten(2).transpose(1, 2)}, 1);
  bench.load(file);
  const at::Tensor resized = at::upsample_bilinear2d(of_patches, {4, 6}, false);
  const at::Tensor expected = at::cat({of_class, resized.flatten(2).transpose(1, 2)}, 1);
  EXPECT_LT(largest_difference(bench.value("pos_embed"), expected), 1e-6);
}

TEST(VitNames, AClassifiersOwnTensorsAreLeft) {
  ImportBench bench("{type: vit, channels: 8, depth: 2, heads: 2, layers: [0, 1]}");
  std::map<std::string, at::Tensor> file = bench.file("timm");
  file["norm.weight"] = file["norm.bias"] = at::zeros({8});
  EXPECT_THAT(bench.load(file).unused, ElementsAre("norm.bias", "norm.weight"));
}

}  // namespace
}  // namespace sshost::test
