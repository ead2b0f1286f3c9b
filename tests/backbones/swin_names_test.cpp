// Published checkpoints of Swin transformers, whose values partly lie in another order.
#include <gmock/gmock.h>

#include "backbones/checkpoint_file.h"
#include "model/name_change.h"

namespace sshost::test {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Swin-tiny with one layer a stage.
const char* const kTiny = "{type: swin, variant: tiny, depths: [1, 1, 1, 1]}";
const char* const kSmall = "{type: swin, channels: 6, depths: [2, 1], heads: [2, 3], window_size: 3}";

std::string merging(const std::string& part) { return "stages.0.downsample." + part; }

TEST(SwinNames, AreThoseOfTheFormats) {
  const ImportBench bench(kSmall);
  EXPECT_EQ(bench.published("swin", "stages.1.blocks.0.attn.qkv.weight"), "layers.1.blocks.0.attn.qkv.weight");
  EXPECT_EQ(bench.published("swin", merging("reduction.weight")), "layers.0.downsample.reduction.weight");
  EXPECT_EQ(bench.published("timm", merging("reduction.weight")), "layers.1.downsample.reduction.weight");
  EXPECT_EQ(bench.published("timm", "patch_embed.norm.bias"), "patch_embed.norm.bias");
  EXPECT_EQ(bench.published("torchvision", "patch_embed.norm.bias"), "features.0.2.bias");
  EXPECT_EQ(bench.published("torchvision", "stages.1.blocks.0.mlp.fc2.weight"), "features.3.0.mlp.3.weight");
  EXPECT_EQ(bench.published("torchvision", merging("norm.bias")), "features.2.norm.bias");
  EXPECT_EQ(bench.published("mmsegmentation", "stages.0.blocks.1.attn.relative_position_bias_table"),
            "backbone.stages.0.blocks.1.attn.w_msa.relative_position_bias_table");
  EXPECT_EQ(bench.published("mmsegmentation", "stages.0.blocks.1.mlp.fc1.bias"),
            "backbone.stages.0.blocks.1.ffn.layers.0.0.bias");
  EXPECT_EQ(bench.published("sssegmentation", "stages.0.blocks.1.attn.relative_position_index"),
            "backbone_net.stages.0.blocks.1.attn.w_msa.relative_position_index");
  EXPECT_EQ(bench.published("sssegmentation", "stages.0.blocks.1.mlp.fc2.weight"),
            "backbone_net.stages.0.blocks.1.ffn.layers.1.weight");
  EXPECT_EQ(bench.published("sssegmentation", merging("norm.bias")), "backbone_net.stages.0.downsample.norm.bias");
  EXPECT_EQ(bench.published("sssegmentation", "norm1.weight"), "backbone_net.norm1.weight");
}

// The four places of a merged token in the order of the authors' blocks: of (row, column) the column counts first.
constexpr int64_t kBlockOfPlace[] = {0, 2, 1, 3};

class AuthorsFormat : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Swin, AuthorsFormat, testing::Values("swin", "timm", "torchvision"),
                         [](const auto& test) { return test.param; });

TEST_P(AuthorsFormat, MergingIsBroughtIntoOurOrder) {
  ImportBench bench(kTiny);
  const std::map<std::string, at::Tensor> file = bench.file(GetParam());
  bench.load(file);
  const at::Tensor weight = bench.value(merging("reduction.weight"));
  const at::Tensor norm = bench.value(merging("norm.weight"));
  const at::Tensor their_weight = file.at(bench.published(GetParam(), merging("reduction.weight")));
  const at::Tensor their_norm = file.at(bench.published(GetParam(), merging("norm.weight")));
  for (const int64_t channel : {0, 1, 41, 95}) {
    for (int64_t place = 0; place < 4; ++place) {
      const int64_t ours = channel * 4 + place, theirs = kBlockOfPlace[place] * 96 + channel;
      EXPECT_EQ(norm[ours].item<float>(), their_norm[theirs].item<float>()) << channel << ", " << place;
      EXPECT_EQ(weight[17][ours].item<float>(), their_weight[17][theirs].item<float>()) << channel << ", " << place;
    }
  }
}

TEST_P(AuthorsFormat, AClassifierIsReadAndTheOutputsNormsStay) {
  ImportBench bench(kTiny);
  std::map<std::string, at::Tensor> file = bench.file(GetParam());
  for (const char* const name : {"norm0", "norm1", "norm2", "norm3"}) {
    for (const char* const part : {".weight", ".bias"}) file.erase(std::string(name) + part);
  }
  file["head.weight"] = at::zeros({10, 768});
  const at::Tensor index = bench.value("stages.1.blocks.0.attn.relative_position_index").clone();
  const checkpoint::ImportReport report = bench.load(file);
  EXPECT_EQ(report.format, GetParam());
  EXPECT_THAT(report.unused, UnorderedElementsAre("head.weight"));
  EXPECT_THAT(report.kept, Contains("backbone.norm3.weight"));
  EXPECT_TRUE(at::equal(bench.value("norm2.weight"), at::ones({384})));
  EXPECT_TRUE(at::equal(bench.value("stages.1.blocks.0.attn.relative_position_index"), index));
  EXPECT_TRUE(at::equal(bench.value("stages.3.blocks.0.mlp.fc2.bias"),
                        file.at(bench.published(GetParam(), "stages.3.blocks.0.mlp.fc2.bias")).to(at::kFloat)));
}

TEST_P(AuthorsFormat, ExportUndoesTheOrder) {
  const ImportBench bench(kSmall);
  const auto published = bench.published_names(GetParam());
  for (const char* const part : {"reduction.weight", "norm.weight", "norm.bias"}) {
    const std::vector<model::NameChange>& changes = published.at("backbone." + merging(part)).changes;
    const at::Tensor ours = at::randn(bench.value(merging(part)).sizes());
    const at::Tensor theirs = model::to_theirs(changes, ours);
    EXPECT_FALSE(at::equal(theirs, ours));
    EXPECT_TRUE(at::equal(model::to_ours(changes, theirs, ours.sizes()).value(), ours));
  }
}

class SwinFormat : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Swin, SwinFormat,
                         testing::Values("swin", "timm", "torchvision", "mmsegmentation", "sssegmentation"),
                         [](const auto& test) { return test.param; });

TEST_P(SwinFormat, TablesOfAnotherWindowAreResized) {
  ImportBench bench(kSmall);  // 5 x 5 offsets
  const std::string attention = "stages.0.blocks.1.attn.";
  std::map<std::string, at::Tensor> file = bench.file(GetParam());
  const at::Tensor table = at::randn({1, 2, 7, 7});
  file[bench.published(GetParam(), attention + "relative_position_bias_table")] = table.flatten(2)[0].t();
  file[bench.published(GetParam(), attention + "relative_position_index")] = at::zeros({16, 16}, at::kLong);
  const at::Tensor index = bench.value(attention + "relative_position_index").clone();
  EXPECT_THAT(bench.load(file).unused, IsEmpty());
  const at::Tensor expected = at::upsample_bicubic2d(table, {5, 5}, false).flatten(2)[0].t();
  EXPECT_LT(largest_difference(bench.value(attention + "relative_position_bias_table"), expected), 1e-6);
  EXPECT_TRUE(at::equal(bench.value(attention + "relative_position_index"), index));
}

TEST(SwinNames, MmsegmentationHasOurOrder) {
  ImportBench bench(kSmall);
  const std::map<std::string, at::Tensor> file = bench.file("mmsegmentation");
  bench.load(file);
  EXPECT_TRUE(at::equal(bench.value(merging("reduction.weight")),
                        file.at("backbone.stages.0.downsample.reduction.weight").to(at::kFloat)));
}

}  // namespace
}  // namespace sshost::test
