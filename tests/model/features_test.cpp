#include "model/features.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include "base/error.h"

namespace sshost::test {
namespace {

class FeatureStageTest : public testing::Test {
 protected:
  at::Tensor map(at::IntArrayRef sizes) { return at::randn(sizes, generator, at::kDouble); }
  const at::Tensor& value(const std::string& name) { return store.find("features." + name)->value; }

  at::Generator generator = at::detail::createCPUGenerator(1);
  state::StateStore store{at::kDouble};
  state::Builder builder{store, "features", generator};
  state::ExecutionContext context{store, generator};
};

TEST_F(FeatureStageTest, ChoosesAllMapsWithoutIndicesAndThoseNamedWithThem) {
  const std::vector<at::Tensor> maps = {map({1, 2, 8, 8}), map({1, 3, 4, 4})};
  const model::FeatureStage all({}, {{2, 4}, {3, 8}}, builder);
  EXPECT_EQ(all.forward(context, maps).size(), 2U);

  const model::FeatureStage chosen({{-1, 0, 1}, false, {}}, {{2, 4}, {3, 8}}, builder);
  ASSERT_EQ(chosen.features().size(), 3U);
  EXPECT_EQ(chosen.features()[0].channels, 3);
  EXPECT_EQ(chosen.features()[1].stride, 4);
  const std::vector<at::Tensor> result = chosen.forward(context, maps);
  EXPECT_TRUE(result[0].is_same(maps[1]) && result[1].is_same(maps[0]) && result[2].is_same(maps[1]));
  EXPECT_EQ(store.size(), 0U);
}

TEST_F(FeatureStageTest, NormalisesTheChannelsOfEachMapWithItsOwnWeights) {
  const model::FeatureStage stage({{0, 0}, true, {}}, {{4, 8}}, builder);
  store.assign("features.norm.1.bias", at::full({4}, 5.0));
  const at::Tensor input = map({2, 4, 3, 3});
  const std::vector<at::Tensor> result = stage.forward(context, {input});
  const at::Tensor centred = input - input.mean(1, true);
  const at::Tensor expected = centred / (centred.square().mean(1, true) + 1e-6).sqrt();
  EXPECT_TRUE(at::allclose(result[0], expected, 1e-10, 1e-10));
  EXPECT_TRUE(at::allclose(result[1], expected + 5, 1e-10, 1e-10));
}

TEST_F(FeatureStageTest, SharesOneDownsamplingConvolutionThatCountsEachPass) {
  const model::FeatureStage stage({{0, 0, 0}, false, config::DownsampleConfig{2}}, {{4, 4}}, builder);
  EXPECT_EQ(stage.features()[2].stride, 8);
  context.training = true;
  const at::Tensor input = map({2, 4, 6, 6});
  const std::vector<at::Tensor> result = stage.forward(context, {input});
  EXPECT_EQ(value("downsample.norm.num_batches_tracked").item<int64_t>(), 3);
  const at::Tensor expected = at::relu(at::batch_norm(at::conv2d(input, value("downsample.conv.weight"), {}, 2, 1), {},
                                                      {}, {}, {}, true, 0.1, 1e-5, true));
  for (const at::Tensor& downsampled : result) EXPECT_TRUE(at::allclose(downsampled, expected, 1e-10, 1e-10));
}

TEST_F(FeatureStageTest, RefusesToDownsampleMapsOfDifferentChannels) {
  EXPECT_THROW(model::FeatureStage({{}, false, config::DownsampleConfig{2}}, {{4, 4}, {8, 8}}, builder), UsageError);
}

TEST_F(FeatureStageTest, KnowsThePublishedNamesOfItsState) {
  const std::vector<model::NameRule> rules = model::FeatureStage::rules("sssegmentation");
  EXPECT_EQ(model::apply_rules(rules, "norm.3.weight"), "norm_layers.3.weight");
  EXPECT_EQ(model::apply_rules(rules, "downsample.conv.weight"), "downsample_backbone.0.weight");
  EXPECT_EQ(model::apply_rules(rules, "downsample.norm.running_var"), "downsample_backbone.1.running_var");
  EXPECT_TRUE(model::FeatureStage::rules("torchvision").empty());
}

}  // namespace
}  // namespace sshost::test
