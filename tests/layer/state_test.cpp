#include <gmock/gmock.h>

#include <cmath>

#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;

TEST(State, BackwardThatSavedABufferSeesWhatWasWritten) {
  Bench bench;
  const std::vector<int64_t> sizes = {3};
  ss_state_spec spec = state_spec("memory", sizes);
  spec.a = 2;
  const ss_layer memory = bench.state(spec);
  const at::Tensor factor = at::ones({3}).requires_grad_();
  const at::Tensor product = (factor * bench.read(memory)).sum();
  const at::Tensor read_before = bench.read(memory);
  bench.write(memory, at::full({3}, 7.0));
  EXPECT_EQ(product.item<double>(), 6);
  product.backward();
  EXPECT_TRUE(same(factor.grad(), at::full({3}, 7.0f)));
  EXPECT_TRUE(same(read_before, at::full({3}, 7.0f)));
  EXPECT_TRUE(same(bench.value("part.memory"), at::full({3}, 7.0f)));
}

TEST(State, WriteDoesNothingWhileAForwardIsRecomputed) {
  Bench bench;
  const std::vector<int64_t> sizes = {3};
  const ss_layer buffer = bench.state(state_spec("b", sizes));
  bench.context.recomputing = true;
  bench.write(buffer, at::ones({3}));
  EXPECT_TRUE(same(bench.read(buffer), at::zeros({3})));
}

TEST(State, WriteConvertsTheValueAndTakesNoGradient) {
  Bench bench(at::kDouble);
  const std::vector<int64_t> sizes = {3};
  const ss_layer buffer = bench.state(state_spec("b", sizes));
  EXPECT_EQ(bench.read(buffer).scalar_type(), at::kDouble);
  bench.write(buffer, at::ones({3}, at::kFloat).requires_grad_());
  EXPECT_TRUE(same(bench.read(buffer), at::ones({3}, at::kDouble)));
  EXPECT_FALSE(bench.read(buffer).requires_grad());
}

TEST(State, RefusesToWriteAParameterOrAnotherShape) {
  Bench bench;
  const std::vector<int64_t> sizes = {3};
  ss_state_spec spec = state_spec("p", sizes);
  spec.trainable = 1;
  const ss_layer parameter = bench.state(spec);
  const ss_layer buffer = bench.state(state_spec("b", sizes));
  EXPECT_TRUE(bench.read(parameter).requires_grad());
  EXPECT_THAT(message_of([&] { bench.write(parameter, at::ones({3})); }), HasSubstr("layer \"p\": `write` is for a"));
  EXPECT_THAT(message_of([&] { bench.write(buffer, at::ones({4})); }),
              HasSubstr("layer \"b\": `write` expected the shape [3], found [4]"));
}

TEST(State, KeepsWhatItsSpecSaysOfPersistenceAndDtype) {
  Bench bench(at::kDouble);
  const std::vector<int64_t> sizes = {2};
  ss_state_spec spec = state_spec("index", sizes);
  spec.dtype = SS_INT64;
  spec.persistent = 0;
  spec.a = 5;
  bench.state(spec);
  const state::StateEntry* entry = bench.store.find("part.index");
  ASSERT_NE(entry, nullptr);
  EXPECT_FALSE(entry->persistent);
  EXPECT_FALSE(entry->trainable);
  EXPECT_TRUE(same(entry->value, at::full({2}, 5, at::kLong)));
}

TEST(State, DrawsItsInitialValues) {
  Bench bench;
  const std::vector<int64_t> sizes = {10000};
  ss_state_spec spec = state_spec("normal", sizes);
  spec.initial = SS_INITIAL_NORMAL;
  spec.a = 3;
  spec.b = 0.5;
  const at::Tensor normal = bench.read(bench.state(spec));
  EXPECT_NEAR(normal.mean().item<double>(), 3, 0.02);
  EXPECT_NEAR(normal.std().item<double>(), 0.5, 0.02);

  spec.name = text("truncated");
  spec.initial = SS_INITIAL_TRUNCATED_NORMAL;
  const at::Tensor truncated = bench.read(bench.state(spec));
  EXPECT_GE(truncated.min().item<double>(), 2);
  EXPECT_LE(truncated.max().item<double>(), 4);
  EXPECT_NEAR(truncated.std().item<double>(), 0.5 * 0.8796, 0.02);  // of a normal cut at two deviations

  spec.name = text("uniform");
  spec.initial = SS_INITIAL_UNIFORM;
  spec.a = -1;
  spec.b = 3;
  const at::Tensor uniform = bench.read(bench.state(spec));
  EXPECT_GE(uniform.min().item<double>(), -1);
  EXPECT_LE(uniform.max().item<double>(), 3);
  EXPECT_NEAR(uniform.mean().item<double>(), 1, 0.05);
}

TEST(State, CopiesTheDataItIsGiven) {
  Bench bench;
  const std::vector<int64_t> sizes = {4};
  const at::Tensor data = at::arange(4, at::kFloat);
  const state::LentHandles lent({data});
  ss_state_spec spec = state_spec("d", sizes);
  spec.initial = SS_INITIAL_DATA;
  spec.data = lent[0];
  const ss_layer state = bench.state(spec);
  bench.write(state, at::zeros({4}));
  EXPECT_TRUE(same(data, at::arange(4, at::kFloat)));

  const std::vector<int64_t> other = {5};
  spec.name = text("e");
  spec.sizes = other.data();
  EXPECT_THAT(message_of([&] { bench.state(spec); }), HasSubstr("state \"e\": `data` has the shape [4], expected [5]"));
}

}  // namespace
}  // namespace sshost::test
