// Every pipeline in pipelines/ is compared with the fixtures of its name, those in inference/ by the recipe that they name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "engine/session.h"
#include "parity/fixture.h"
#include "parity/model_classes.h"
#include "parity/prediction.h"
#include "parity/published_state.h"
#include "parity/report.h"
#include "parity/training.h"

namespace sshost::parity {
namespace {

namespace fs = std::filesystem;

const fs::path kReference = fs::path(SSHOST_SHARED_DIR) / "reference";
const fs::path kPipelines = fs::path(SSHOST_SOURCE_DIR) / "tests/parity/pipelines";

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

engine::Session open(const std::string& recipe) {
  setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
  return engine::open_session((kPipelines / recipe).concat(".yaml"), {}, [](ss_log_level, std::string_view) {});
}

fs::path fixture_of(const char* folder, const std::string& name, const char* ending = ".safetensors") {
  return (kReference / folder / name).concat(ending);
}

// Names and shapes of what the model saves, as the published checkpoint has them.
std::map<std::string, std::vector<std::int64_t>> declared(const engine::Model& model) {
  const std::map<std::string, std::string> names = model.segmentor->names(kFormat);
  std::map<std::string, std::vector<std::int64_t>> keys;
  for (const model::StateEntry& entry : model.store) {
    if (!entry.persistent) continue;
    const auto name = names.find(entry.name);
    keys.emplace(name == names.end() ? "no name: " + entry.name : name->second, entry.value.sizes().vec());
  }
  return keys;
}

std::string name_of(const testing::TestParamInfo<std::string>& test) { return test.param; }

class Forward : public testing::TestWithParam<std::string> {};

TEST_P(Forward, EqualsThePublishedLogits) {
  const fs::path path = fixture_of("forward", GetParam());
  if (!exists(path)) GTEST_SKIP() << "needs " << path;
  const Fixture fixture = read_fixture(path);
  const engine::Session session = open(GetParam());
  const auto model = engine::build_model(session, fixture.classes().value());
  const fs::path keys = fixture_of("state_dicts", GetParam(), ".keys.json");
  EXPECT_EQ(declared(*model), read_keys(keys));
  EXPECT_THAT(key_differences(*model->segmentor, model->store, keys), testing::IsEmpty());
  const Verdict verdict = verdict_of_forward(run_forward(*model, fixture));
  std::cout << GetParam() << ": " << verdict.text << '\n';
  EXPECT_TRUE(verdict.within);
}

INSTANTIATE_TEST_SUITE_P(Parity, Forward, testing::ValuesIn(names_in(kPipelines, ".yaml")), name_of);

class Inference : public testing::TestWithParam<std::string> {};

TEST_P(Inference, EqualsThePublishedMeanOverViews) {
  const Fixture fixture = read_fixture(fixture_of("inference", GetParam()));
  const engine::Session session = open(fixture.text("config"));
  const std::vector<data::Class> classes = model_classes(session, fixture);
  const auto model = engine::build_model(session, static_cast<std::int64_t>(classes.size()));
  const Verdict verdict = verdict_of_inference(run_inference(*model, fixture, classes));
  std::cout << GetParam() << ": " << verdict.text << '\n';
  EXPECT_TRUE(verdict.within);
}

INSTANTIATE_TEST_SUITE_P(Parity, Inference, testing::ValuesIn(names_in(kReference / "inference", ".safetensors")),
                         name_of);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Inference);

class Training : public testing::TestWithParam<std::string> {};

// In float64 step after step; in float32 each step from the state of the float64 run.
TEST_P(Training, EqualsThePublishedSteps) {
  if (!exists(kPipelines / (GetParam() + ".yaml"))) GTEST_SKIP() << "needs pipelines/" << GetParam() << ".yaml";
  const Fixture fixture = read_fixture(fixture_of("train", GetParam(), ".train.safetensors"));
  const engine::Session session = open(GetParam());
  const auto model = engine::build_model(session, fixture.classes().value(), at::kDouble);
  const auto single = engine::build_model(session, fixture.classes().value(), at::kFloat);
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
