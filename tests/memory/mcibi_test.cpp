#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "memory/plain.h"
#include "memory/small_memory.h"

namespace sshost::test {
namespace {

constexpr double kRounding = 1e-12;

// Two images with every class but the last; 255 is ignored.
at::Tensor labels() {
  at::Tensor labels = at::randint(kClasses - 1, {2, 13, 17}, at::kLong);
  labels.slice(2, 0, 3).fill_(255);
  return labels;
}

struct UpdateCase {
  const char* name;
  const char* strategy;
  int64_t vectors;
};

class McibiUpdate : public testing::TestWithParam<UpdateCase> {};

TEST_P(McibiUpdate, EqualsThatOnFeaturesOfTheLabelsSize) {
  at::manual_seed(1);
  const std::string strategy = GetParam().strategy;
  SmallMemory memory("{type: mcibi, channels: 8, vectors_per_class: " + std::to_string(GetParam().vectors) +
                     ", update: {momentum: 0.7, strategy: " + strategy + "}}");
  at::Tensor expected = memory.state("memory").clone();
  for (int step = 0; step < 4; ++step) {  // the first ones set the vectors, the others move them
    const at::Tensor feature = at::randn({2, 6, 5, 7}, at::kDouble), truth = labels();
    expected = plain_mcibi(expected, memory.representation(feature), truth, 0.7, strategy == "cosine_similarity");
    memory.update({feature}, {truth});
    EXPECT_TRUE(memory.state("memory").allclose(expected, kRounding, kRounding)) << "step " << step;
  }
  EXPECT_TRUE(memory.state("memory").select(0, kClasses - 1).eq(0).all().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(Strategies, McibiUpdate,
                         testing::Values(UpdateCase{"Mean", "mean", 1}, UpdateCase{"Cosine", "cosine_similarity", 1},
                                         UpdateCase{"ThreeVectors", "cosine_similarity", 3}),
                         [](const auto& test) { return test.param.name; });

TEST(Mcibi, StatisticsOfTwoProcessesAddUpToThoseOfOne) {
  at::manual_seed(2);
  SmallMemory one("{type: mcibi, channels: 8}"), two("{type: mcibi, channels: 8}");
  for (int step = 0; step < 2; ++step) {
    const at::Tensor feature = at::randn({2, 6, 5, 7}, at::kDouble), truth = labels();
    one.update({feature}, {truth});
    two.update({feature.narrow(0, 0, 1), feature.narrow(0, 1, 1)}, {truth.narrow(0, 0, 1), truth.narrow(0, 1, 1)});
    EXPECT_TRUE(one.state("memory").allclose(two.state("memory"), kRounding, kRounding)) << "step " << step;
  }
}

TEST(Mcibi, ATrainingWithoutARateMovesTheMemoryAllTheSame) {
  at::manual_seed(3);
  SmallMemory memory("{type: mcibi, channels: 8}");  // its momentum follows a rate of 0, from 0
  memory.context.learning_rate = memory.context.base_learning_rate = 0;
  for (int step = 0; step < 2; ++step) memory.update({at::randn({2, 6, 5, 7}, at::kDouble)}, {labels()});
  EXPECT_TRUE(memory.state("memory").isfinite().all().item<bool>());
}

TEST(Mcibi, TheRateScalesTheMomentum) {
  at::manual_seed(3);
  SmallMemory memory("{type: mcibi, channels: 8, update: {base_lr: 0.02}}");
  const at::Tensor start = at::randn({kClasses, 1, 8}, at::kDouble);
  memory.set("memory", start);
  const at::Tensor feature = at::randn({2, 6, 5, 7}, at::kDouble), truth = labels();
  memory.context.learning_rate = 0.005;
  memory.update({feature}, {truth});
  const at::Tensor expected = plain_mcibi(start, memory.representation(feature), truth, 0.9 * 0.005 / 0.02, true);
  EXPECT_TRUE(memory.state("memory").allclose(expected, kRounding, kRounding));
}

}  // namespace
}  // namespace sshost::test
