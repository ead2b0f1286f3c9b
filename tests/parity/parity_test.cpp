#include "parity/fixture.h"

#include <gtest/gtest.h>

#include <iostream>

#include "engine/session.h"

namespace sshost::parity {
namespace {

const std::filesystem::path kReference = std::filesystem::path(SSHOST_SHARED_DIR) / "reference";

const std::filesystem::path kPipelines = std::filesystem::path(SSHOST_SOURCE_DIR) / "tests/parity/pipelines";

engine::Session open(const std::string& recipe, std::vector<std::string> overrides) {
  setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
  const std::filesystem::path pipeline = (kPipelines / recipe).concat(".yaml");
  return engine::open_session(pipeline, overrides, [](ss_log_level, std::string_view) {});
}

class Forward : public testing::TestWithParam<std::string> {};

TEST_P(Forward, EqualsThePublishedLogits) {
  const std::filesystem::path fixture = (kReference / "forward" / GetParam()).concat(".safetensors");
  if (!exists(fixture)) GTEST_SKIP() << "needs " << fixture;
  const engine::Session session = open(GetParam(), {});
  const auto model = engine::build_model(session, classes_of(fixture));
  const Difference difference = run_forward(*model->segmentor, model->store, fixture);
  std::cout << GetParam() << ": max_abs=" << difference.max_absolute << " rel=" << difference.relative << '\n';
  EXPECT_LE(difference.relative, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Parity, Forward,
                         testing::Values("fcn_resnet50os8_voc", "pspnet_resnet50os8_voc", "pspnet_resnet50os16_ade20k",
                                         "deeplabv3_resnet50os8_voc", "deeplabv3_resnet101os16_cityscapes",
                                         "mcibi_deeplabv3_resnet50os8_ade20k",
                                         "mcibi_deeplabv3_resnet101os8_cocostuff10k"),
                         [](const auto& test) { return test.param; });

struct Tolerance {
  at::ScalarType dtype;
  double losses, memory, gradient_norms;
};

class Training : public testing::TestWithParam<Tolerance> {};

TEST_P(Training, EqualsThePublishedStepsOfMcibi) {
  const std::string recipe = "mcibi_deeplabv3_resnet50os8_ade20k";
  const std::filesystem::path fixture = (kReference / "train" / recipe).concat(".train.safetensors");
  if (!exists(fixture)) GTEST_SKIP() << "needs " << fixture;
  const engine::Session session =
      open(recipe, {"model.head.dropout=0", "model.memory.dropout=0", "model.auxiliary.0.dropout=0"});
  const auto model = engine::build_model(session, classes_of(fixture), GetParam().dtype);
  int step = 0;
  for (const TrainingDifference& difference : run_training(*model->segmentor, model->store, fixture)) {
    std::cout << "step " << step << ": memory=" << difference.memory << " gradients=" << difference.gradient_norms
              << " (" << difference.worst_gradient << ")";
    for (const auto& [name, relative] : difference.losses) {
      std::cout << ' ' << name << '=' << relative;
      EXPECT_LE(relative, GetParam().losses) << name << ", step " << step;
    }
    std::cout << '\n';
    EXPECT_LE(difference.memory, GetParam().memory) << "step " << step;
    EXPECT_LE(difference.gradient_norms, GetParam().gradient_norms) << difference.worst_gradient << ", step " << step;
    ++step;
  }
}

INSTANTIATE_TEST_SUITE_P(Parity, Training,
                         testing::Values(Tolerance{at::kFloat, 1e-3, 1e-3, 2e-2}, Tolerance{at::kDouble, 1e-6, 1e-6, 1e-6}),
                         [](const auto& test) { return test.param.dtype == at::kFloat ? "float32" : "float64"; });

}  // namespace
}  // namespace sshost::parity
