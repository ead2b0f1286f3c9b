// The published checkpoints' tensors, by name and shape, against those of the models: none left over on either side.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/session.h"

namespace sshost::parity {
namespace {

using Keys = std::map<std::string, std::vector<std::int64_t>>;

const std::filesystem::path kStateDicts = std::filesystem::path(SSHOST_SHARED_DIR) / "reference/state_dicts";
const std::filesystem::path kPipelines = std::filesystem::path(SSHOST_SOURCE_DIR) / "tests/parity/pipelines";

std::vector<std::string> recipes() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kPipelines)) names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

Keys published(const std::filesystem::path& path) {
  std::ifstream file(path);
  const nlohmann::json content = nlohmann::json::parse(file);
  Keys keys;
  for (const auto& tensor : content.at("tensors")) keys.emplace(tensor[0], tensor[1]);
  return keys;
}

Keys declared(const engine::Model& model) {
  const std::map<std::string, std::string> names = model.segmentor->names("sssegmentation");
  Keys keys;
  for (const model::StateEntry& entry : model.store) {
    if (!entry.persistent) continue;
    const auto name = names.find(entry.name);
    keys.emplace(name == names.end() ? "no name: " + entry.name : name->second, entry.value.sizes().vec());
  }
  return keys;
}

std::int64_t classes_of(const Keys& keys) {
  for (const char* name : {"decoder.7.bias", "decoder.1.bias", "decoder_stage2.4.bias", "decoder_cls.conv2.bias"}) {
    const auto found = keys.find(name);
    if (found != keys.end()) return found->second.front();
  }
  throw std::runtime_error("no classifier that this test knows");
}

class StateDict : public testing::TestWithParam<std::string> {};

TEST_P(StateDict, HasThePublishedNamesAndShapes) {
  const std::filesystem::path file = (kStateDicts / GetParam()).concat(".keys.json");
  if (!exists(file)) GTEST_SKIP() << "needs " << file;
  const Keys expected = published(file);
  setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
  const engine::Session session =
      engine::open_session((kPipelines / GetParam()).concat(".yaml"), {}, [](ss_log_level, std::string_view) {});
  EXPECT_EQ(declared(*engine::build_model(session, classes_of(expected))), expected);
}

INSTANTIATE_TEST_SUITE_P(Parity, StateDict, testing::ValuesIn(recipes()), [](const auto& test) { return test.param; });

}  // namespace
}  // namespace sshost::parity
