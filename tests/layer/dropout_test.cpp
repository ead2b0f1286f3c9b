#include <gmock/gmock.h>

#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;

TEST(Dropout, EqualsPyTorchsForTheSameSeed) {
  Bench bench;
  const ss_layer layer = bench.dropout(SS_DROPOUT_ELEMENT, 0.3);
  bench.context.training = true;
  bench.context.generator.set_current_seed(5);
  at::manual_seed(5);
  const at::Tensor input = bench.normal({4, 6, 3, 3});
  EXPECT_TRUE(same(bench.apply(layer, {input}), at::dropout(input, 0.3, true)));
}

TEST(Dropout, DropsWholeChannelsAsPyTorchDoes) {
  Bench bench;
  const ss_layer layer = bench.dropout(SS_DROPOUT_CHANNEL, 0.5);
  bench.context.training = true;
  bench.context.generator.set_current_seed(5);
  at::manual_seed(5);
  const at::Tensor input = bench.normal({4, 6, 3, 3});
  EXPECT_TRUE(same(bench.apply(layer, {input}), at::feature_dropout(input, 0.5, true)));
}

TEST(Dropout, DropsWholeSamples) {
  Bench bench;
  const ss_layer layer = bench.dropout(SS_DROPOUT_PATH, 0.5);
  bench.context.training = true;
  const at::Tensor factors = bench.apply(layer, {at::ones({64, 3, 2})}).view({64, 6});
  EXPECT_TRUE(same(factors, factors.select(1, 0).unsqueeze(1).expand({64, 6})));
  const int64_t kept = factors.select(1, 0).ne(0).sum().item<int64_t>();
  EXPECT_EQ(factors.select(1, 0).sum().item<double>(), 2.0 * static_cast<double>(kept));
  EXPECT_GT(kept, 10);
  EXPECT_LT(kept, 54);
}

TEST(Dropout, RepeatsFromTheSameGeneratorState) {
  Bench bench;
  const ss_layer layer = bench.dropout(SS_DROPOUT_ELEMENT, 0.5);
  bench.context.training = true;
  const at::Tensor state = bench.context.generator.get_state();
  const at::Tensor input = at::ones({100});
  const at::Tensor first = bench.apply(layer, {input});
  EXPECT_FALSE(at::equal(first, bench.apply(layer, {input})));
  bench.context.generator.set_state(state);
  EXPECT_TRUE(same(first, bench.apply(layer, {input})));
}

TEST(Dropout, GivesItsInputInInferenceAndForAProbabilityOfZero) {
  Bench bench;
  const ss_layer half = bench.dropout(SS_DROPOUT_ELEMENT, 0.5);
  const ss_layer none = bench.dropout(SS_DROPOUT_ELEMENT, 0);
  const ss_layer all = bench.dropout(SS_DROPOUT_ELEMENT, 1);
  const at::Tensor input = bench.normal({10});
  EXPECT_TRUE(same(bench.apply(half, {input}), input));
  bench.context.training = true;
  const at::Tensor state = bench.context.generator.get_state();
  EXPECT_TRUE(same(bench.apply(none, {input}), input));
  EXPECT_TRUE(same(bench.context.generator.get_state(), state));
  EXPECT_EQ(bench.apply(all, {input}).count_nonzero().item<int64_t>(), 0);
}

TEST(Dropout, RefusesAProbabilityOutsideItsRange) {
  Bench bench;
  EXPECT_THAT(message_of([&] { bench.dropout(SS_DROPOUT_ELEMENT, 1.5); }), HasSubstr("must lie in [0, 1]"));
}

}  // namespace
}  // namespace sshost::test
