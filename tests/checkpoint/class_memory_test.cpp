#include "checkpoint/class_memory.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "temp_folder.h"
#include "train/workplace.h"

namespace sshost::checkpoint {
namespace {

TEST(ClassMemory, IsTheMemorysBufferWithARowForEachClass) {
  const run::Session session = train::open_small_session();
  const auto model = run::build_model(session, 4);
  const auto names = class_memory_names(model->store, 4);
  EXPECT_EQ(names, std::vector<std::string>{"memory.memory"});
  EXPECT_TRUE(class_memory_names(model->store, 5).empty());
}

TEST(ClassMemory, IsNeitherAParameterNorABatchNormsStatisticNorOfAnotherComponent) {
  state::StateStore store;
  const auto add = [&](const char* name, std::vector<int64_t> shape, bool trainable, at::ScalarType type = at::kFloat) {
    store.add({name, at::zeros(shape, type), trainable, true});
  };
  add("memory.classifier.weight", {4, 8}, true);
  add("memory.norm.running_mean", {4}, false);
  add("memory.norm.count", {4, 2}, false, at::kLong);
  add("head.table", {4, 8}, false);
  add("memory.other", {5, 8}, false);
  add("memory.a.vectors", {4, 2, 8}, false);
  add("memory.b", {4, 2}, false);
  EXPECT_EQ(class_memory_names(store, 4), (std::vector<std::string>{"memory.a.vectors", "memory.b"}));
}

TEST(ClassMemory, IsReadAsVectorsOfEachClass) {
  checkpoint::TensorFile file;
  file.tensors = {{"memory.a", at::arange(24, at::kFloat).view({2, 3, 4})}, {"memory.b", at::ones({2, 2})}};
  const auto memories = class_memories(file, {"memory.a", "memory.b"}, "x");
  EXPECT_EQ(memories[0].vectors.sizes(), (std::vector<int64_t>{2, 3, 4}));
  EXPECT_EQ(memories[1].vectors.sizes(), (std::vector<int64_t>{2, 1, 2}));
  EXPECT_EQ(memories[0].vectors[1][2][3].item<double>(), 23);
  EXPECT_THROW(class_memories(file, {"memory.c"}, "x"), Error);
}

TEST(ClassMemory, OfAFileHasTheModelsShapeOrIsRefused) {
  state::StateStore model;
  model.add({"memory.a", at::zeros({3, 1, 8}), false, true});
  const auto refusal = [&](const std::vector<int64_t>& shape) {
    const TensorFile file{{{"memory.a", at::zeros(shape)}}, {}};
    return test::message_of<Error>([&] { require_shapes(file, {"memory.a"}, model, "x.safetensors"); });
  };
  EXPECT_EQ(refusal({3, 1, 8}), "");
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{5, 1, 8}, {2, 1, 8}, {3, 2, 8}, {3, 1, 4}, {24}, {}, {3, 8}, {0, 1, 8}}) {
    EXPECT_THAT(refusal(shape), testing::HasSubstr("x.safetensors: expected \"memory.a\" in the shape"));
  }
}

TEST(ClassMemory, OfTooManyVectorsIsNotComparedEachWithEach) {
  EXPECT_THROW(similarity(at::zeros({kMostCompared + 1, 8})), Error);
}

// Vector 1 points the way of vector 0, vector 2 the other way, vector 3 is square to it, vector 4 was never seen.
at::Tensor five_vectors() {
  at::Tensor vectors = at::zeros({5, 8}, at::kDouble);
  vectors[0][0] = 2;
  vectors[1][0] = 3;
  vectors[1][1] = 4;
  vectors[2][0] = -1;
  vectors[3][5] = 1;
  return vectors;
}

TEST(ClassMemory, ComparesRepresentationsByTheirAngle) {
  const Similarity found = similarity(five_vectors());
  EXPECT_TRUE(found.is_cosine);
  EXPECT_DOUBLE_EQ(found.values[0][0].item<double>(), 1);
  EXPECT_DOUBLE_EQ(found.values[0][1].item<double>(), 0.6);
  EXPECT_DOUBLE_EQ(found.values[1][2].item<double>(), -0.6);
  EXPECT_DOUBLE_EQ(found.values[0][4].item<double>(), 0);
  EXPECT_EQ(nearest(found, five_vectors(), 0, 9), (std::vector<int64_t>{1, 3, 2}));
  EXPECT_EQ(nearest(found, five_vectors(), 0, 1), std::vector<int64_t>{1});
}

TEST(ClassMemory, ComparesDistributionsByTheirDistance) {
  const at::Tensor vectors = at::tensor({0.0, 1.0, 3.0, 5.0, 0.0, 2.0}, at::kDouble).view({3, 2});
  const Similarity found = similarity(vectors);
  EXPECT_FALSE(found.is_cosine);
  EXPECT_DOUBLE_EQ(found.values[0][1].item<double>(), 5);
  EXPECT_EQ(nearest(found, vectors, 0, 2), (std::vector<int64_t>{2, 1}));
}

TEST(ClassMemory, DriftsByTheLengthOfItsWay) {
  const at::Tensor before = five_vectors();
  at::Tensor after = before.clone();
  after[0] *= -1.5;
  after[4][0] = 1;
  const Drift found = drift(before, after);
  EXPECT_DOUBLE_EQ(found.relative[0].item<double>(), 2.5);
  EXPECT_DOUBLE_EQ(found.cosine[0].item<double>(), -1);
  EXPECT_DOUBLE_EQ(found.relative[1].item<double>(), 0);
  EXPECT_TRUE(std::isnan(found.relative[4].item<double>()));
  EXPECT_TRUE(std::isnan(found.cosine[4].item<double>()));
}

TEST(ClassMemory, IsMergedByTheWeightedMeanOfWhatWasSeen) {
  const at::Tensor one = at::tensor({1.0, 2.0, 0.0, 0.0, 0.0, 0.0}, at::kDouble).view({3, 1, 2});
  const at::Tensor other = at::tensor({5.0, 6.0, 7.0, 8.0, 0.0, 0.0}, at::kDouble).view({3, 1, 2});
  const at::Tensor merged = weighted_mean({one, other}, {3, 1});
  const at::Tensor expected = at::tensor({2.0, 3.0, 7.0, 8.0, 0.0, 0.0}, at::kDouble).view({3, 1, 2});
  EXPECT_TRUE(merged.allclose(expected, 0, 1e-12)) << merged;
  EXPECT_THROW(weighted_mean({one, at::zeros({2, 1, 2}, at::kDouble)}, {1, 1}), Error);
}

}  // namespace
}  // namespace sshost::checkpoint
