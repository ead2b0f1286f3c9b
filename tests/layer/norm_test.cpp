#include <gmock/gmock.h>

#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;

// Weights that a wrong order or a missing bias would show.
void shuffle(Bench& bench, std::string_view name) {
  for (const char* part : {".weight", ".bias"}) {
    const std::string full = "part." + std::string(name) + part;
    bench.store.assign(full, bench.normal(bench.value(full).sizes()));
  }
}

TEST(Norm, GroupEqualsADirectCall) {
  Bench bench;
  const ss_layer norm = bench.norm("n", 6, norm_spec(SS_NORM_GROUP));
  shuffle(bench, "n");
  const at::Tensor input = bench.normal({2, 6, 3, 4});
  EXPECT_TRUE(same(bench.apply(norm, {input}),
                   at::group_norm(input, 2, bench.value("part.n.weight"), bench.value("part.n.bias"), 1e-5)));
}

TEST(Norm, LayerIsOverTheChannelsOfAMapAndOverTheLastAxisOfTokens) {
  Bench bench(at::kDouble);
  ss_norm_spec spec = norm_spec(SS_NORM_LAYER);
  spec.epsilon = 1e-3;
  const ss_layer norm = bench.norm("n", 6, spec);
  shuffle(bench, "n");
  const auto expected = [&](const at::Tensor& input, int64_t axis, at::IntArrayRef shape) {
    const at::Tensor centred = input - input.mean(axis, true);
    const at::Tensor scaled = centred / (centred.square().mean(axis, true) + 1e-3).sqrt();
    return scaled * bench.value("part.n.weight").view(shape) + bench.value("part.n.bias").view(shape);
  };
  const at::Tensor map = bench.normal({2, 6, 3, 4});
  const at::Tensor tokens = bench.normal({2, 5, 6});
  EXPECT_TRUE(close(bench.apply(norm, {map}), expected(map, 1, {1, 6, 1, 1}), 1e-12));
  EXPECT_TRUE(close(bench.apply(norm, {tokens}), expected(tokens, 2, {1, 1, 6}), 1e-12));
}

TEST(Norm, ConcatenatesSeveralInputs) {
  Bench bench;
  const ss_layer norm = bench.norm("n", 5, norm_spec(SS_NORM_BATCH));
  bench.context.training = true;
  const at::Tensor first = bench.normal({2, 2, 3, 3});
  const at::Tensor second = bench.normal({2, 3, 3, 3});
  const at::Tensor apart = bench.apply(norm, {first, second});
  EXPECT_TRUE(same(apart, bench.apply(norm, {at::cat({first, second}, 1)})));
}

TEST(Norm, BatchDefaultsToPyTorchsEpsilonAndMomentum) {
  Bench bench;
  const ss_layer norm = bench.norm("n", 3, norm_spec(SS_NORM_BATCH));
  bench.context.training = true;
  const at::Tensor input = bench.normal({4, 3, 5, 5});
  const at::Tensor mean = at::zeros({3});
  const at::Tensor variance = at::ones({3});
  const at::Tensor expected =
      at::batch_norm(input, at::ones({3}), at::zeros({3}), mean, variance, true, 0.1, 1e-5, true);
  EXPECT_TRUE(same(bench.apply(norm, {input}), expected));
  EXPECT_TRUE(same(bench.value("part.n.running_var"), variance));
}

TEST(Norm, BatchRefusesOneValuePerChannelInTraining) {
  Bench bench;
  const ss_layer norm = bench.norm("pooled", 3, norm_spec(SS_NORM_BATCH));
  const at::Tensor pooled = bench.normal({1, 3, 1, 1});
  EXPECT_NO_THROW(bench.apply(norm, {pooled}));
  bench.context.training = true;
  EXPECT_THAT(message_of([&] { bench.apply(norm, {pooled}); }),
              HasSubstr("layer \"pooled\": batch norm in training needs more than one value per channel"));
}

TEST(Norm, RefusesASpecThatCannotBe) {
  Bench bench;
  EXPECT_THAT(message_of([&] { bench.norm("n", 3, norm_spec(SS_NORM_GROUP)); }),
              HasSubstr("a number of groups that divides its 3 channels, found 2"));
  EXPECT_THAT(message_of([&] { bench.norm("n", 3, norm_spec(SS_NORM_NONE)); }), HasSubstr("a norm needs a kind"));
  EXPECT_THAT(message_of([&] { bench.norm("n", 3, norm_spec(9)); }), HasSubstr("unknown ss_norm_kind 9"));
}

}  // namespace
}  // namespace sshost::test
