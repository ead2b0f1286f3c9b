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

INSTANTIATE_TEST_SUITE_P(
    Parity, Forward,
    testing::Values("fcn_resnet50os8_voc", "pspnet_resnet50os8_voc", "pspnet_resnet50os16_ade20k",
                    "deeplabv3_resnet50os8_voc", "deeplabv3_resnet101os16_cityscapes",
                    "mcibi_deeplabv3_resnet50os8_ade20k", "mcibi_deeplabv3_resnet101os8_cocostuff10k",
                    "mcibiplusplus_resnet50os8_ade20k", "mcibiplusplus_aspp_resnet50os8_ade20k",
                    "mcibiplusplus_ppm_resnet50os8_ade20k", "mcibiplusplus_upernet_resnet50os8_ade20k",
                    "mcibi_deeplabv3_resnest101os8_ade20k", "mcibi_deeplabv3_hrnetv2w48_cityscapes",
                    "ocrnet_resnet50os8_voc", "ocrnet_hrnetv2w48_cityscapes"),
    [](const auto& test) { return test.param; });

struct Tolerance {
  double losses, memory, gradient_norms;
};

void expect_within(const std::vector<TrainingDifference>& steps, const Tolerance& tolerance, const char* dtype) {
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const TrainingDifference& difference = steps[step];
    std::cout << dtype << ", step " << step << ": memory=" << difference.memory;
    std::cout << " gradients=" << difference.gradient_norms << " (" << difference.worst_gradient << ")";
    for (const auto& [name, relative] : difference.losses) {
      std::cout << ' ' << name << '=' << relative;
      EXPECT_LE(relative, tolerance.losses) << name << ", " << dtype << ", step " << step;
    }
    std::cout << '\n';
    EXPECT_LE(difference.memory, tolerance.memory) << dtype << ", step " << step;
    EXPECT_LE(difference.gradient_norms, tolerance.gradient_norms)
        << difference.worst_gradient << ", " << dtype << ", step " << step;
  }
}

TEST(Training, EqualsThePublishedStepsOfMcibi) {
  const std::string recipe = "mcibi_deeplabv3_resnet50os8_ade20k";
  const std::filesystem::path fixture = (kReference / "train" / recipe).concat(".train.safetensors");
  if (!exists(fixture)) GTEST_SKIP() << "needs " << fixture;
  const engine::Session session =
      open(recipe, {"model.head.dropout=0", "model.memory.dropout=0", "model.auxiliary.0.dropout=0"});
  const auto model = engine::build_model(session, classes_of(fixture), at::kDouble);
  const auto single = engine::build_model(session, classes_of(fixture), at::kFloat);
  const TrainingDifferences differences = run_training(*model, *single, fixture);
  expect_within(differences.steps, {1e-6, 1e-6, 1e-5}, "float64");
  expect_within(differences.from_states, {1e-3, 1e-3, 2e-2}, "float32");
}

}  // namespace
}  // namespace sshost::parity
