// The Swin transformer, against the same computation written out plainly (swin_reference.h).
#include <gmock/gmock.h>

#include "backbones/bench.h"
#include "backbones/swin_reference.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string small(int64_t window, const std::string& drop_path_rate = "0") {
  return "{type: swin, channels: 8, depths: [3, 2], heads: [2, 4], window_size: " + std::to_string(window) +
         ", drop_path_rate: " + drop_path_rate + "}";
}

struct Case {
  int64_t window, height, width;
};

class SwinOfAnySize : public testing::TestWithParam<Case> {};

// Whole windows; padded ones; sides of odd numbers of pixels, tokens and windows; a map smaller than a window; an odd
// window, whose shift is not its half.
INSTANTIATE_TEST_SUITE_P(Swin, SwinOfAnySize,
                         testing::Values(Case{4, 32, 64}, Case{4, 40, 24}, Case{4, 33, 21}, Case{4, 8, 12},
                                         Case{3, 30, 21}, Case{5, 37, 44}),
                         [](const auto& test) {
                           return std::to_string(test.param.height) + "x" + std::to_string(test.param.width) +
                                  "Window" + std::to_string(test.param.window);
                         });

TEST_P(SwinOfAnySize, EqualsThePlainComputation) {
  BackboneBench bench(small(GetParam().window), at::kDouble);
  bench.randomise();
  const at::Tensor image = bench.image(2, GetParam().height, GetParam().width);
  const PlainSwin plain(bench, {4, GetParam().window, {3, 2}, {2, 4}});
  const std::vector<at::Tensor> found = bench.infer(image), expected = plain.forward(image);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_LT(largest_difference(found[i], expected[i]), 1e-11) << i;
}

TEST(Swin, HalvesOddSizesUpwards) {
  BackboneBench bench("{type: swin, channels: 4, depths: [1, 1, 1, 1], heads: [1, 1, 1, 1], window_size: 7}");
  std::vector<at::Tensor> maps = bench.infer(bench.image(1, 97, 129));
  EXPECT_EQ(maps[0].sizes(), at::IntArrayRef({1, 4, 25, 33}));
  EXPECT_EQ(maps[1].sizes(), at::IntArrayRef({1, 8, 13, 17}));
  EXPECT_EQ(maps[2].sizes(), at::IntArrayRef({1, 16, 7, 9}));
  EXPECT_EQ(maps[3].sizes(), at::IntArrayRef({1, 32, 4, 5}));
}

struct Variant {
  std::string name;
  int64_t channels,
      published;  // parameters of the classifier of 1000 classes, without those of its last norm and layer
};

class SwinVariant : public testing::TestWithParam<Variant> {};

INSTANTIATE_TEST_SUITE_P(Swin, SwinVariant,
                         testing::Values(Variant{"tiny", 96, 28'288'354 - 2 * 768 - 769'000},
                                         Variant{"small", 96, 49'606'258 - 2 * 768 - 769'000},
                                         Variant{"base", 128, 87'768'224 - 2 * 1024 - 1'025'000}),
                         [](const auto& test) { return test.param.name; });

TEST_P(SwinVariant, HasThePublishedSize) {
  const BackboneBench bench("{type: swin, variant: " + GetParam().name + "}");
  ASSERT_EQ(bench.features().size(), 4u);
  int64_t output_norms = 0;
  for (int64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(bench.features()[static_cast<std::size_t>(i)].channels, GetParam().channels << i);
    EXPECT_EQ(bench.features()[static_cast<std::size_t>(i)].stride, 4 << i);
    output_norms += 2 * (GetParam().channels << i);
  }
  int64_t parameters = 0;
  for (const state::StateEntry& entry : bench.store) {
    if (entry.trainable) parameters += entry.value.numel();
  }
  EXPECT_EQ(parameters, GetParam().published + output_norms);
}

TEST(Swin, LargeHasWindowsOf12Tokens) {
  const BackboneBench bench("{type: swin, variant: large, depths: [1], heads: [6]}");
  EXPECT_EQ(bench.features()[0].channels, 192);
  EXPECT_EQ(bench.value("stages.0.blocks.0.attn.relative_position_bias_table").sizes(), at::IntArrayRef({529, 6}));
}

TEST(Swin, IndexesTheTableByOffset) {
  const BackboneBench bench("{type: swin, channels: 4, depths: [1], heads: [1], window_size: 2}");
  // Pixels a b / c d: the row of (i, j) counts 3 (down + 1) + (right + 1), from j to i.
  const at::Tensor expected = at::tensor({4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4}, at::kLong).reshape({4, 4});
  EXPECT_TRUE(at::equal(bench.value("stages.0.blocks.0.attn.relative_position_index"), expected));
}

TEST(Swin, EveryParameterIsTrained) {
  BackboneBench bench(small(4));
  const std::vector<at::Tensor> maps = bench.train(bench.image(2, 40, 24));
  // A norm's output has a constant square sum: weigh the channels.
  at::Tensor loss;
  for (const at::Tensor& map : maps) {
    const at::Tensor term = (map * at::rand_like(map)).square().sum();
    loss = loss.defined() ? loss + term : term;
  }
  loss.backward();
  EXPECT_THAT(bench.without_gradient(), IsEmpty());
}

TEST(Swin, DropsPathsInTrainingAlone) {
  BackboneBench dropping(small(4, "0.9")), keeping(small(4));
  const at::Tensor image = keeping.image(8, 32, 32);
  const std::vector<at::Tensor> whole = keeping.infer(image);
  EXPECT_TRUE(at::equal(dropping.infer(image)[1], whole[1]));
  EXPECT_GT(largest_difference(dropping.train(image)[1], whole[1]), 1e-2);
  EXPECT_LT(largest_difference(keeping.train(image)[1], whole[1]), 1e-5);
}

TEST(Swin, RefusesWhatDoesNotFit) {
  EXPECT_THAT(message_of<Error>([] { BackboneBench("{type: swin, depths: [2, 2], heads: [3]}"); }),
              HasSubstr("depths and heads: expected one number for each stage in both, found 2 and 1"));
  EXPECT_THAT(message_of<Error>([] { BackboneBench("{type: swin, depths: [1], heads: [7]}"); }),
              HasSubstr("the number of heads must divide the channels, found 7 for 192"));
}

}  // namespace
}  // namespace sshost::test
