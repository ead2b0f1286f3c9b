// Every fixture is compared with the pipeline of configs/ that bears the name of its recipe.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "parity/fixture.h"
#include "parity/prediction.h"
#include "parity/published_state.h"
#include "parity/report.h"
#include "parity/training.h"
#include "run/model.h"
#include "run/model_classes.h"

namespace sshost::parity {
namespace {

namespace fs = std::filesystem;

const fs::path kReference = fs::path(SSHOST_SHARED_DIR) / "reference";
const fs::path kConfigs = fs::path(SSHOST_SOURCE_DIR) / "configs";

std::vector<std::string> names_in(const fs::path& folder, const std::string& ending) {
  std::vector<std::string> names;
  if (!exists(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending)) names.push_back(name.substr(0, name.size() - ending.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

// configs/<method>/<recipe>.yaml
fs::path pipeline_of(const std::string& recipe) {
  for (const auto& method : fs::directory_iterator(kConfigs)) {
    if (exists(method.path() / (recipe + ".yaml"))) return method.path() / (recipe + ".yaml");
  }
  throw Error("configs/ has no pipeline " + recipe + ".yaml");
}

run::Session open(const std::string& recipe) {
  setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
  return run::open_session(pipeline_of(recipe), {}, [](ss_log_level, std::string_view) {});
}

fs::path fixture_of(const char* folder, const std::string& name, const char* ending = ".safetensors") {
  return (kReference / folder / name).concat(ending);
}

std::string name_of(const testing::TestParamInfo<std::string>& test) { return test.param; }

class Forward : public testing::TestWithParam<std::string> {};

TEST_P(Forward, EqualsThePublishedLogits) {
  const Fixture fixture = read_fixture(fixture_of("forward", GetParam()));
  const run::Session session = open(GetParam());
  const auto model = run::build_model(session, fixture.classes().value());
  const fs::path keys = fixture_of("state_dicts", GetParam(), ".keys.json");
  EXPECT_THAT(key_differences(*model->segmentor, model->store, keys), testing::IsEmpty());
  const Verdict verdict = verdict_of_forward(run_forward(*model, fixture));
  std::cout << GetParam() << ": " << verdict.text << '\n';
  EXPECT_TRUE(verdict.within);
}

INSTANTIATE_TEST_SUITE_P(Parity, Forward, testing::ValuesIn(names_in(kReference / "forward", ".safetensors")), name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Forward);

class Inference : public testing::TestWithParam<std::string> {};

TEST_P(Inference, EqualsThePublishedMeanOverViews) {
  const Fixture fixture = read_fixture(fixture_of("inference", GetParam()));
  const run::Session session = open(fixture.text("config"));
  const std::vector<data::Class> classes = run::model_classes(session, fixture.classes()).classes;
  const auto model = run::build_model(session, static_cast<std::int64_t>(classes.size()));
  const Verdict verdict = verdict_of_inference(run_inference(*model, fixture, classes, session.pipeline.evaluate));
  std::cout << GetParam() << ": " << verdict.text << '\n';
  EXPECT_TRUE(verdict.within);
}

INSTANTIATE_TEST_SUITE_P(Parity, Inference, testing::ValuesIn(names_in(kReference / "inference", ".safetensors")),
                         name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Inference);

class Training : public testing::TestWithParam<std::string> {};

// In float64 step after step; in float32 each step from the state of the float64 run.
TEST_P(Training, EqualsThePublishedSteps) {
  const Fixture fixture = read_fixture(fixture_of("train", GetParam(), ".train.safetensors"));
  const run::Session session = open(GetParam());
  const auto model = run::build_model(session, fixture.classes().value(), at::kDouble);
  const auto single = run::build_model(session, fixture.classes().value(), at::kFloat);
  const TrainingRun run = run_training(*model, single.get(), fixture);
  const Verdict in_double = verdict_of_training(run.own, "own");
  std::cout << GetParam() << ", float64:\n" << in_double.text << '\n';
  EXPECT_TRUE(in_double.within);
  const Verdict in_single = verdict_of_training(run.single, "float64");
  std::cout << GetParam() << ", float32:\n" << in_single.text << '\n';
  EXPECT_TRUE(in_single.within);
}

INSTANTIATE_TEST_SUITE_P(Parity, Training, testing::ValuesIn(names_in(kReference / "train", ".train.safetensors")),
                         name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Training);

}  // namespace
}  // namespace sshost::parity
