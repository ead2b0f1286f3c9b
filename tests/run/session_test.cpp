#include "run/session.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "checkpoint/checkpoint.h"
#include "run/model.h"
#include "train/workplace.h"

namespace sshost::run {
namespace {

using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [evaluate]
plugins: [)" SSHOST_PLUGIN_DIR ", " SSHOST_TEST_PLUGIN_DIR R"(]
data: {dataset: {type: synthetic, classes: 4}}
model: {backbone: {type: "null"}, head: {type: fcn, channels: 8, convolutions: 1}}
)";

Session open(const std::vector<std::string>& overrides) {
  return open_session_text(kPipeline, "p.yaml", overrides, [](auto&&...) {});
}

// How many numbers a model of the pipeline has.
int64_t size_of(const Session& session) {
  int64_t size = 0;
  const auto model = build_model(session, 4);
  for (const state::StateEntry& entry : model->store) size += entry.value.numel();
  return size;
}

TEST(Sessions, ShareTheLibrariesOfTheirProcess) {
  const Session one = open({}), other = open({"model.head.type='null'"});
  const plugin::Component& here = one.registry->find("ss.head/1", "fcn");
  EXPECT_EQ(here.descriptor, other.registry->find("ss.head/1", "fcn").descriptor);
  EXPECT_EQ(here.descriptor, open_plugins({.named = {here.path}}, nullptr).find("ss.head/1", "fcn").descriptor);
}

TEST(Sessions, OfDifferentPluginsAndOptionsLiveSideBySideInSeveralThreads) {
  const std::vector<std::vector<std::string>> all = {
      {}, {"model.head.channels=16"}, {"model.head={type: 'null'}"}, {"model.memory={type: mcibi, channels: 8}"}};
  std::vector<int64_t> alone;
  for (const std::vector<std::string>& overrides : all) alone.push_back(size_of(open(overrides)));
  std::vector<std::future<int64_t>> together;
  for (int round = 0; round < 4; ++round) {
    for (const std::vector<std::string>& overrides : all) {
      together.push_back(std::async(std::launch::async, [&overrides] { return size_of(open(overrides)); }));
    }
  }
  for (size_t i = 0; i < together.size(); ++i) EXPECT_EQ(together[i].get(), alone[i % all.size()]);
}

TEST(Sessions, OfACheckpointLoadOnlyWhatIsTrusted) {
  checkpoint::CheckpointInfo info;
  info.pipeline = kPipeline;
  const auto open_it = [&](const std::vector<std::string>& overrides) {
    return open_session_of(info, "/x/model.safetensors", overrides, plugin::Trust(), [](auto&&...) {});
  };
  EXPECT_THAT(test::message_of<UsageError>([&] { open_it({}); }), HasSubstr("only the checkpoint asks for this one"));
  EXPECT_GT(size_of(open_it({"plugins=[" SSHOST_PLUGIN_DIR ", " SSHOST_TEST_PLUGIN_DIR "]"})), 0);
}

}  // namespace
}  // namespace sshost::run
