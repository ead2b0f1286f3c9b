// The vision transformer, against its formulas.
#include <gmock/gmock.h>

#include <cmath>

#include "backbones/bench.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kChannels = 8, kHeads = 2, kPatch = 16, kSide = 4;  // the position embedding is for 4 x 4 patches

const char* const kSmall =
    "{type: vit, channels: 8, depth: 2, heads: 2, layers: [0, 1], image_size: [64, 64], drop_path_rate: 0}";

// Layer by layer as the paper writes it, one head after the other.
class PlainVit {
 public:
  explicit PlainVit(const BackboneBench& bench) : bench_(bench) {}

  // The tokens after each layer, without the class token: [N, channels, h, w].
  std::vector<at::Tensor> forward(const at::Tensor& image) const {
    const at::Tensor map = at::conv2d(image, value("patch_embed.proj.weight"), value("patch_embed.proj.bias"), kPatch);
    const int64_t count = map.size(0), height = map.size(2), width = map.size(3);
    const at::Tensor class_token = value("cls_token").expand({count, 1, kChannels});
    at::Tensor x = at::cat({class_token, map.flatten(2).transpose(1, 2)}, 1) + positions(height, width);
    std::vector<at::Tensor> maps;
    for (const std::string layer : {"blocks.0.", "blocks.1."}) {
      x = x + attention(layer + "attn.", norm(layer + "norm1.", x));
      const at::Tensor hidden = at::gelu(linear(layer + "mlp.fc1.", norm(layer + "norm2.", x)));
      x = x + linear(layer + "mlp.fc2.", hidden);
      maps.push_back(x.slice(1, 1).transpose(1, 2).reshape({count, kChannels, height, width}));
    }
    return maps;
  }

 private:
  at::Tensor value(const std::string& name) const { return bench_.value(name); }
  at::Tensor linear(const std::string& name, const at::Tensor& x) const {
    return x.matmul(value(name + "weight").t()) + value(name + "bias");
  }
  at::Tensor norm(const std::string& name, const at::Tensor& x) const {
    const at::Tensor centred = x - x.mean(-1, true);
    const at::Tensor scaled = centred / (centred.square().mean(-1, true) + 1e-6).sqrt();
    return scaled * value(name + "weight") + value(name + "bias");
  }
  at::Tensor attention(const std::string& name, const at::Tensor& x) const {
    const at::Tensor qkv = linear(name + "qkv.", x);
    const int64_t width = kChannels / kHeads;
    std::vector<at::Tensor> heads;
    for (int64_t head = 0; head < kHeads; ++head) {
      const auto part = [&](int64_t block) { return qkv.narrow(2, block * kChannels + head * width, width); };
      const at::Tensor weights =
          (part(0).matmul(part(1).transpose(1, 2)) / std::sqrt(static_cast<double>(width))).softmax(-1);
      heads.push_back(weights.matmul(part(2)));
    }
    return linear(name + "proj.", at::cat(heads, 2));
  }
  at::Tensor positions(int64_t height, int64_t width) const {
    const at::Tensor table = value("pos_embed");
    if (height * width == kSide * kSide) return table;
    const at::Tensor map = table.slice(1, 1).reshape({1, kSide, kSide, kChannels}).permute({0, 3, 1, 2});
    const at::Tensor resized = at::upsample_bilinear2d(map, {height, width}, false);
    return at::cat({table.slice(1, 0, 1), resized.flatten(2).transpose(1, 2)}, 1);
  }

  const BackboneBench& bench_;
};

struct ImageSize {
  int64_t height, width;
};

class VitOfAnySize : public testing::TestWithParam<ImageSize> {};

// What its position embedding is for; as many patches in another shape, which take it as it is; more; fewer.
INSTANTIATE_TEST_SUITE_P(Vit, VitOfAnySize,
                         testing::Values(ImageSize{64, 64}, ImageSize{32, 128}, ImageSize{96, 80}, ImageSize{16, 48}),
                         [](const auto& test) {
                           return std::to_string(test.param.height) + "x" + std::to_string(test.param.width);
                         });

TEST_P(VitOfAnySize, EqualsItsFormula) {
  BackboneBench bench(kSmall, at::kDouble);
  bench.randomise();
  const at::Tensor image = bench.image(2, GetParam().height, GetParam().width);
  const std::vector<at::Tensor> found = bench.infer(image), expected = PlainVit(bench).forward(image);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_LT(largest_difference(found[i], expected[i]), 1e-12) << i;
}

TEST(Vit, PadsOddSizesWithZerosAtTheRightAndBottom) {
  BackboneBench bench(kSmall, at::kDouble);
  bench.randomise();
  const at::Tensor image = bench.image(1, 33, 50);
  const at::Tensor whole = at::constant_pad_nd(image, {0, 14, 0, 15});
  const std::vector<at::Tensor> maps = bench.infer(image);
  EXPECT_EQ(maps[1].sizes(), at::IntArrayRef({1, 8, 3, 4}));
  EXPECT_TRUE(at::equal(maps[1], bench.infer(whole)[1]));
}

struct Variant {
  std::string name;
  int64_t channels, parameters;
};

class VitVariant : public testing::TestWithParam<Variant> {};

// Parameters of the published classifiers (5.72, 22.05, 86.57 million for 224 x 224) without their last norm and layer.
INSTANTIATE_TEST_SUITE_P(Vit, VitVariant,
                         testing::Values(Variant{"tiny", 192, 5'717'416 - 2 * 192 - 193'000},
                                         Variant{"small", 384, 22'050'664 - 2 * 384 - 385'000},
                                         Variant{"base", 768, 86'567'656 - 2 * 768 - 769'000}),
                         [](const auto& test) { return test.param.name; });

TEST_P(VitVariant, HasThePublishedSize) {
  const BackboneBench bench("{type: vit, variant: " + GetParam().name + ", image_size: [224, 224]}");
  ASSERT_EQ(bench.features().size(), 4u);
  for (const ss_feature_spec& feature : bench.features()) {
    EXPECT_EQ(feature.channels, GetParam().channels);
    EXPECT_EQ(feature.stride, 16);
  }
  int64_t parameters = 0;
  for (const state::StateEntry& entry : bench.store) parameters += entry.value.numel();
  EXPECT_EQ(parameters, GetParam().parameters);
}

TEST(Vit, GivesOutTheLayersThatAreAskedFor) {
  BackboneBench both(kSmall),
      turned("{type: vit, channels: 8, depth: 2, heads: 2, layers: [1, 0, 1], image_size: [64, 64]}");
  const at::Tensor image = both.image(1, 32, 32);
  const std::vector<at::Tensor> expected = both.infer(image), found = turned.infer(image);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_TRUE(at::equal(found[0], expected[1]) && at::equal(found[1], expected[0]) && at::equal(found[2], expected[1]));
}

TEST(Vit, NormsTheLastLayerAloneWhereAsked) {
  BackboneBench bench("{type: vit, channels: 8, depth: 2, heads: 2, layers: [0, 1], final_norm: true}");
  const std::vector<at::Tensor> maps = bench.infer(bench.image(1, 32, 32));
  EXPECT_LT(maps[1].mean(1).abs().max().item<double>(), 1e-5);
  EXPECT_GT(maps[0].mean(1).abs().max().item<double>(), 1e-2);
}

TEST(Vit, EveryParameterIsTrained) {
  BackboneBench bench(kSmall);
  bench.train(bench.image(2, 48, 40))[1].square().sum().backward();
  EXPECT_THAT(bench.without_gradient(), IsEmpty());
}

TEST(Vit, DropsPathsInTrainingAlone) {
  const std::string options = "{type: vit, channels: 8, depth: 3, heads: 2, layers: [0, 2], drop_path_rate: ";
  BackboneBench dropping(options + "0.9}"), keeping(options + "0}");
  const at::Tensor image = keeping.image(8, 32, 32);
  const std::vector<at::Tensor> whole = keeping.infer(image);
  EXPECT_TRUE(at::equal(dropping.infer(image)[1], whole[1]));
  const std::vector<at::Tensor> dropped = dropping.train(image);
  EXPECT_LT(largest_difference(dropped[0], whole[0]), 1e-5) << "the rate rises from 0 at the first layer";
  EXPECT_GT(largest_difference(dropped[1], whole[1]), 1e-2);
}

TEST(Vit, RefusesWhatDoesNotFit) {
  const auto message = [](const std::string& options) {
    return message_of<Error>([&] { BackboneBench("{type: vit, channels: 8, depth: 2, heads: 2, " + options + "}"); });
  };
  EXPECT_THAT(message("layers: [2]"), HasSubstr("layers: expected numbers below the depth of 2, found 2"));
  EXPECT_THAT(message("image_size: [32, 32, 3]"),
              HasSubstr("image_size: expected [height, width], found a list of 3 elements"));
  EXPECT_THAT(message("image_size: [8, 32]"), HasSubstr("image_size: smaller than one patch"));
}

}  // namespace
}  // namespace sshost::test
