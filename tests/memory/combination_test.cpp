// Each memory serves each head as its context: the paper claims it of all of them.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "memory/small_model.h"

namespace sshost::test {
namespace {

struct Part {
  const char* name;
  const char* yaml;
};

constexpr const char* kAuxiliary =
    ", auxiliary: [{type: fcn, feature: -2, channels: 8, convolutions: 1, loss_weight: 0.4}]";

class Combination : public testing::TestWithParam<std::tuple<Part, Part>> {};

TEST_P(Combination, TrainsAndPredicts) {
  at::manual_seed(1);
  const auto& [head, memory] = GetParam();
  const SmallModel model(std::string("head: ") + head.yaml + ", memory: " + memory.yaml + kAuxiliary);
  const at::Tensor before = model.store().find("memory.memory")->value.clone();
  EXPECT_TRUE(std::isfinite(model.train_one_step()));
  for (const state::StateEntry& entry : model.store()) {
    if (!entry.trainable) continue;
    ASSERT_TRUE(entry.value.grad().defined()) << entry.name;
    EXPECT_TRUE(entry.value.grad().isfinite().all().item<bool>()) << entry.name;
  }
  EXPECT_FALSE(model.store().find("memory.memory")->value.equal(before));
  const at::Tensor logits = model.logits(at::rand({1, 3, 64, 96}));
  EXPECT_EQ(logits.size(1), kModelClasses);
  EXPECT_TRUE(logits.isfinite().all().item<bool>());
}

TEST_P(Combination, HasANamePerTensorInTheExport) {
  const auto& [head, memory] = GetParam();
  const SmallModel model(std::string("head: ") + head.yaml + ", memory: " + memory.yaml + kAuxiliary);
  const std::map<std::string, std::string> names = model.names("sssegmentation");
  std::set<std::string> published;
  for (const state::StateEntry& entry : model.store()) {
    if (!entry.persistent) continue;
    ASSERT_TRUE(names.contains(entry.name)) << entry.name;
    EXPECT_TRUE(published.insert(names.at(entry.name)).second) << names.at(entry.name) << " occurs twice";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Contexts, Combination,
    testing::Combine(
        testing::Values(Part{"Fcn", "{type: fcn, channels: 8}"}, Part{"PspNet", "{type: psp, channels: 8}"},
                        Part{"DeepLabV3", "{type: aspp, channels: 8, dilations: [1, 2]}"},
                        Part{"OcrNet", "{type: ocr, channels: 8, transform_channels: 4}"},
                        Part{"UPerNet", "{type: upernet, channels: 8}"}),
        testing::Values(Part{"Mcibi",
                             "{type: mcibi, channels: 8, transform_channels: 4, out_channels: 8, "
                             "consistency_loss: true}"},
                        Part{"McibiPlusPlus", "{type: mcibiplusplus, channels: 8, transform_channels: 4}"})),
    [](const auto& test) { return std::string(std::get<0>(test.param).name) + "With" + std::get<1>(test.param).name; });

}  // namespace
}  // namespace sshost::test
