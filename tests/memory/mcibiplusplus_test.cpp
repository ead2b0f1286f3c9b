#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "memory/plain.h"
#include "memory/small_memory.h"

namespace sshost::test {
namespace {

constexpr double kRounding = 1e-12;

// No dropout, so that two forwards can be compared.
const std::string kSmall =
    "type: mcibiplusplus, channels: 8, transform_channels: 4, pixel_decoder: {channels: 8, dropout: 0}, "
    "context_decoder: {channels: 8, dropout: 0}, decoder: {channels: 8, dropout: 0}";

std::string with(const std::string& options) { return "{" + kSmall + (options.empty() ? "" : ", ") + options + "}"; }

at::Tensor random_map(int64_t channels, int64_t height = 4, int64_t width = 6) {
  return at::randn({2, channels, height, width}, at::kDouble);
}

at::Tensor class_values(std::vector<double> values) { return at::tensor(values, at::kDouble); }

// From now on this decoder's logits are `bias` at every pixel.
void fix_logits(SmallMemory& memory, const std::string& decoder, const at::Tensor& bias) {
  memory.set(decoder + ".classifier.weight", at::zeros_like(memory.state(decoder + ".classifier.weight")));
  memory.set(decoder + ".classifier.bias", bias);
}

// Distributions that differ from class to class.
void spread(SmallMemory& memory) { memory.set("memory", at::rand({kClasses, 2}, at::kDouble)); }

at::Tensor logits_of(SmallMemory& memory, const at::Tensor& feature, const at::Tensor& previous = {}) {
  model::MemoryInputs inputs;
  inputs.features = {feature};
  inputs.previous_logits = previous;
  return memory.forward(inputs).logits.detach();
}

at::Tensor training_logits(SmallMemory& memory, const at::Tensor& feature, const at::Tensor& labels, int64_t epoch) {
  memory.context.training = true;
  memory.context.epoch = epoch;
  model::MemoryInputs inputs;
  inputs.features = {feature};
  inputs.labels = labels;
  return memory.forward(inputs).logits.detach();
}

void expect_equal(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_TRUE(a.allclose(b, kRounding, kRounding)) << "largest difference " << (a - b).abs().max().item<double>();
}
void expect_different(const at::Tensor& a, const at::Tensor& b) { EXPECT_GT((a - b).abs().max().item<double>(), 1e-6); }

TEST(McibiPlusPlus, StartsFromStandardNormals) {
  SmallMemory memory(with(""));
  expect_equal(memory.state("memory"), at::tensor({0.0, 1.0}, at::kDouble).repeat({kClasses, 1}));
}

TEST(McibiPlusPlus, TheUpdateEqualsThatOnFeaturesOfTheLabelsSize) {
  at::manual_seed(1);
  SmallMemory memory(with("update: {momentum: 0.3}"));
  at::Tensor expected = memory.state("memory").clone();
  for (int step = 0; step < 2; ++step) {
    const at::Tensor feature = random_map(6, 5, 7);
    at::Tensor labels = at::randint(kClasses - 1, {2, 13, 17}, at::kLong);  // the last class is absent
    labels.slice(2, 0, 3).fill_(255);
    labels.slice(2, 3, 5).fill_(-1);
    expected = plain_mcibiplusplus(expected, memory.representation(feature), labels, 0.3);
    memory.update({feature}, {labels});
    EXPECT_TRUE(memory.state("memory").allclose(expected, kRounding, kRounding)) << "step " << step;
  }
  expect_equal(memory.state("memory")[kClasses - 1], at::tensor({0.0, 1.0}, at::kDouble));
}

TEST(McibiPlusPlus, StatisticsOfTwoProcessesAddUpToThoseOfOne) {
  at::manual_seed(2);
  SmallMemory one(with("")), two(with(""));
  const at::Tensor feature = random_map(6), labels = at::randint(kClasses, {2, 13, 17}, at::kLong);
  one.update({feature}, {labels});
  two.update({feature.narrow(0, 0, 1), feature.narrow(0, 1, 1)}, {labels.narrow(0, 0, 1), labels.narrow(0, 1, 1)});
  EXPECT_TRUE(one.state("memory").allclose(two.state("memory"), kRounding, kRounding));
}

TEST(McibiPlusPlus, TheRateScalesTheMomentumWhereAsked) {
  at::manual_seed(3);
  SmallMemory memory(with("update: {momentum: 0.1, adjust_by_learning_rate: true, base_lr: 0.02}"));
  const at::Tensor start = memory.state("memory").clone();
  const at::Tensor feature = random_map(6), labels = at::randint(kClasses, {2, 13, 17}, at::kLong);
  memory.context.learning_rate = 0.005;
  memory.update({feature}, {labels});
  const at::Tensor expected = plain_mcibiplusplus(start, memory.representation(feature), labels, 0.1 * 0.005 / 0.02);
  EXPECT_TRUE(memory.state("memory").allclose(expected, kRounding, kRounding));
}

TEST(McibiPlusPlus, WarmUpMinesByTheLabels) {
  at::manual_seed(4);
  SmallMemory memory(with("warmup_epoch: 3"));
  spread(memory);
  const at::Tensor feature = random_map(6);
  const at::Tensor ones = at::ones({2, 8, 12}, at::kLong);
  const at::Tensor warm = training_logits(memory, feature, ones, 2);
  expect_different(warm, training_logits(memory, feature, ones, 3));
  fix_logits(memory, "pixel_decoder", class_values({0, 1, 0, 0}));
  expect_equal(warm, training_logits(memory, feature, ones, 3));
}

TEST(McibiPlusPlus, WarmUpTakesTheNearestLabel) {
  at::manual_seed(5);
  SmallMemory memory(with("warmup_epoch: 3"));
  spread(memory);
  const at::Tensor feature = random_map(6);
  const at::Tensor ones = at::ones({2, 8, 12}, at::kLong);
  at::Tensor mixed = at::full({2, 8, 12}, 2, at::kLong);
  mixed.slice(1, 0, 8, 2).slice(2, 0, 12, 2).fill_(1);  // what a resize to 4 x 6 keeps
  expect_equal(training_logits(memory, feature, ones, 1), training_logits(memory, feature, mixed, 1));
}

TEST(McibiPlusPlus, WarmUpMinesEveryClassAlikeWhereTheLabelIsIgnored) {
  at::manual_seed(6);
  SmallMemory memory(with("warmup_epoch: 3"));
  spread(memory);
  const at::Tensor feature = random_map(6);
  for (const int64_t ignored : {255, -1, 4}) {
    const at::Tensor warm = training_logits(memory, feature, at::full({2, 8, 12}, ignored, at::kLong), 1);
    fix_logits(memory, "pixel_decoder", at::zeros({kClasses}, at::kDouble));
    expect_equal(warm, training_logits(memory, feature, at::zeros({2, 8, 12}, at::kLong), 3));
  }
}

TEST(McibiPlusPlus, AnEarlierPassJoinsTheClassLogits) {
  at::manual_seed(7);
  SmallMemory memory(with(""));
  spread(memory);
  const at::Tensor feature = random_map(6), own = class_values({1, -1, 2, 0}), earlier = class_values({-3, 5, 0, 1});
  fix_logits(memory, "pixel_decoder", own);
  const at::Tensor alone = logits_of(memory, feature);
  const at::Tensor second =
      logits_of(memory, feature, earlier.reshape({1, kClasses, 1, 1}).expand({2, kClasses, 9, 9}));
  expect_different(alone, second);
  fix_logits(memory, "pixel_decoder", (2 * own + 1.5 * earlier) / 3.5);
  expect_different(second, logits_of(memory, feature));  // the sum of the weights is not the divisor
  fix_logits(memory, "pixel_decoder", (2 * own + 1.5 * earlier) / 2.5);
  expect_equal(second, logits_of(memory, feature));
}

TEST(McibiPlusPlus, AnEarlierPassIsResized) {
  at::manual_seed(8);
  SmallMemory memory(with(""));
  spread(memory);
  const at::Tensor feature = random_map(6), earlier = 5 * random_map(kClasses, 3, 9);
  expect_equal(logits_of(memory, feature, earlier),
               logits_of(memory, feature, at::upsample_bilinear2d(earlier, {4, 6}, false)));
}

TEST(McibiPlusPlus, HardAggregationTakesTheLikeliestClassAlone) {
  at::manual_seed(9);
  SmallMemory soft(with("")), hard(with("hard_aggregation: true"));
  spread(soft);
  hard.set("memory", soft.state("memory"));
  const at::Tensor feature = random_map(6);
  for (SmallMemory* memory : {&soft, &hard}) fix_logits(*memory, "pixel_decoder", class_values({0.1, 0, 0.3, 0.2}));
  const at::Tensor likeliest = logits_of(hard, feature);
  expect_different(likeliest, logits_of(soft, feature));
  fix_logits(soft, "pixel_decoder", class_values({0, 0, 1000, 0}));
  expect_equal(likeliest, logits_of(soft, feature));
}

struct ContextCase {
  const char* name;
  const char* options;
  const char* decoder;  // that is mined by
};

class McibiPlusPlusContext : public testing::TestWithParam<ContextCase> {};

TEST_P(McibiPlusPlusContext, IsMinedBy) {
  at::manual_seed(10);
  SmallMemory memory(with(GetParam().options), {{6, 8}}, 5);
  spread(memory);
  model::MemoryInputs inputs;
  inputs.features = {random_map(6)};
  inputs.context = random_map(5);
  const std::string used = GetParam().decoder;
  const std::string other = used == "pixel_decoder" ? "context_decoder" : "pixel_decoder";
  const at::Tensor before = memory.forward(inputs).logits.detach();
  fix_logits(memory, other, class_values({9, 0, 0, 0}));
  expect_equal(before, memory.forward(inputs).logits.detach());
  fix_logits(memory, used, class_values({9, 0, 0, 0}));
  expect_different(before, memory.forward(inputs).logits.detach());
}

INSTANTIATE_TEST_SUITE_P(Decoders, McibiPlusPlusContext,
                         testing::Values(ContextCase{"ByContext", "", "context_decoder"},
                                         ContextCase{"ByPixels", "mine_by_pixel_logits: true", "pixel_decoder"}),
                         [](const auto& test) { return test.param.name; });

TEST(McibiPlusPlus, DecodersHaveLossesInTraining) {
  SmallMemory memory(with("pixel_loss_weight: 0.3, context_loss_weight: 0.7"), {{6, 8}}, 5);
  memory.context.training = true;
  model::MemoryInputs inputs;
  inputs.features = {random_map(6)};
  inputs.context = random_map(5);
  inputs.labels = at::zeros({2, 8, 12}, at::kLong);
  memory.forward(inputs);
  ASSERT_EQ(memory.predictions.size(), 2u);
  EXPECT_EQ(memory.predictions[0].name, "pixel");
  EXPECT_EQ(memory.predictions[0].weight, 0.3);
  EXPECT_EQ(memory.predictions[1].name, "context");
  EXPECT_EQ(memory.predictions[1].weight, 0.7);
}

// The published variants, at sizes that rounding makes awkward.
struct Variant {
  const char* name;
  const char* options;
  int64_t context_channels;
  std::vector<const char*> has;  // layers that this variant has, and none of the others in the table
  int64_t height;                // of the logits
};

class McibiPlusPlusVariant : public testing::TestWithParam<Variant> {};

const std::vector<const char*> kOptionalLayers = {"context_decoder.conv", "self_attention.query.0.conv",
                                                  "downsample.conv", "fpn.lateral.0.conv"};

TEST_P(McibiPlusPlusVariant, ReachesEveryParameter) {
  at::manual_seed(11);
  const Variant& variant = GetParam();
  SmallMemory memory(with(variant.options), {{3, 4}, {4, 8}, {6, 8}}, variant.context_channels);
  for (const char* layer : kOptionalLayers) {
    const bool expected = std::find(variant.has.begin(), variant.has.end(), std::string(layer)) != variant.has.end();
    EXPECT_EQ(memory.has(std::string(layer) + ".weight"), expected) << layer;
  }
  memory.context.training = true;
  model::MemoryInputs inputs;
  inputs.features = {random_map(3, 9, 13), random_map(4, 5, 7), random_map(6, 5, 7)};
  if (variant.context_channels > 0) inputs.context = random_map(variant.context_channels, 5, 7);
  inputs.labels = at::randint(kClasses, {2, 33, 49}, at::kLong);
  const model::MemoryOutput output = memory.forward(inputs);
  EXPECT_EQ(output.logits.sizes(), at::IntArrayRef({2, kClasses, variant.height, variant.height == 9 ? 13 : 7}));
  at::Tensor loss = output.logits.square().sum();
  for (const model::Prediction& prediction : memory.predictions) loss = loss + prediction.logits.square().sum();
  loss.backward();
  for (const state::StateEntry& entry : memory.store) {
    if (!entry.trainable) continue;
    ASSERT_TRUE(entry.value.grad().defined()) << entry.name;
    EXPECT_TRUE(entry.value.grad().isfinite().all().item<bool>()) << entry.name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Published, McibiPlusPlusVariant,
    testing::Values(
        Variant{"Alone", "", 0, {}, 5},
        Variant{"ContextBesideMemory", "self_attention: false", 5, {"context_decoder.conv"}, 5},
        Variant{"ContextAttends", "", 5, {"context_decoder.conv", "self_attention.query.0.conv"}, 5},
        Variant{"Downsampled",
                "self_attention: false, downsample_before_attention: true",
                5,
                {"context_decoder.conv", "downsample.conv"},
                5},
        Variant{"FeaturePyramid",
                "self_attention: false, fpn: {channels: 13, out_channels: 4}",
                5,
                {"context_decoder.conv", "fpn.lateral.0.conv"},
                9},
        Variant{"MemoryAfterThePyramid",
                "self_attention: false, fuse_before_fpn: false, fpn: {channels: 5, out_channels: 4}",
                5,
                {"context_decoder.conv", "fpn.lateral.0.conv"},
                9},
        Variant{"FeaturePyramidWithoutContext", "fpn: {channels: 8, out_channels: 4}", 0, {"fpn.lateral.0.conv"}, 9}),
    [](const auto& test) { return test.param.name; });

TEST(McibiPlusPlus, SaysWhichWidthThePyramidHasToHave) {
  try {
    SmallMemory memory(with("fpn: {channels: 12}, self_attention: false"), {{3, 4}, {6, 8}}, 5);
    FAIL() << "a pyramid of another width was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("fpn.channels: expected the width of the pyramid's top, 13, found 12"));
  }
}

}  // namespace
}  // namespace sshost::test
