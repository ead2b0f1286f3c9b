// Descriptors of built plugins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/abi/checkpoint_names.h>

#include "sdk/loaded_plugin.h"

namespace sshost::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class Descriptor : public testing::Test {
 protected:
  const ss_plugin& open(const std::string& path) {
    const ss_plugin* plugin = load(path, host);
    if (!plugin) throw std::runtime_error(path + ": " + host.last_message);
    return *plugin;
  }
  static std::vector<std::string> operators(const ss_plugin& plugin) {
    return texts(plugin.needed_operators, plugin.needed_operator_count);
  }
  static std::vector<std::string> capabilities(const ss_plugin& plugin) {
    return texts(plugin.needed_capabilities, plugin.needed_capability_count);
  }

  FakeHost host;
  const std::string null = SSHOST_TEST_PLUGIN_DIR "/null_";
};

TEST_F(Descriptor, ListsTheOperatorsThatThePluginUsesAndNoOthers) {
  EXPECT_THAT(operators(open(null + "backbone.so")), ElementsAre("aten::avg_pool2d"));
  EXPECT_THAT(operators(open(null + "head.so")), IsEmpty());
  EXPECT_THAT(operators(open(null + "dataset.so")), IsEmpty());
  EXPECT_THAT(operators(open(SSHOST_PLUGIN_DIR "/psp.so")), ElementsAre("aten::adaptive_avg_pool2d"));
}

TEST_F(Descriptor, ListsTheCapabilitiesThatThePluginUses) {
  EXPECT_THAT(capabilities(open(null + "head.so")), Contains("ss.layers/1"));
  EXPECT_THAT(capabilities(open(null + "head.so")), Not(Contains("ss.ops/1")));
  EXPECT_THAT(capabilities(open(null + "dataset.so")), Not(Contains("ss.tensor/1")));
}

TEST_F(Descriptor, ListsWhatCameWithLaterLayersOnlyWhereItIsUsed) {
  EXPECT_THAT(capabilities(open(SSHOST_TEST_PLUGIN_DIR "/later_head.so")), Contains("ss.layers/2"));
  EXPECT_THAT(capabilities(open(null + "head.so")), Not(Contains("ss.layers/2")));
}

TEST_F(Descriptor, ATransformNeedsNoTensor) {
  EXPECT_THAT(capabilities(open(null + "transform.so")), Not(Contains("ss.tensor/1")));
}

TEST_F(Descriptor, TellsNamesAndOptions) {
  const ss_plugin& plugin = open(SSHOST_PLUGIN_DIR "/aspp.so");
  EXPECT_EQ(text(plugin.name), "aspp");
  EXPECT_EQ(text(plugin.version), "1.0.0");
  ASSERT_EQ(plugin.component_count, 1u);
  const ss_component& component = *plugin.components[0];
  EXPECT_EQ(text(component.kind), SS_HEAD_1);
  EXPECT_EQ(text(component.name), "aspp");
  ASSERT_EQ(component.options->option_count, 6u);
  EXPECT_EQ(text(component.options->options[1]->name), "dilations");
  EXPECT_EQ(text(component.options->options[1]->default_value), "[1, 12, 24, 36]");
}

TEST_F(Descriptor, FurtherCapabilitiesAreThoseThatTheClassHas) {
  const auto names = [](const ss_plugin& plugin) { return plugin.components[0]->get(to_abi(SS_CHECKPOINT_NAMES_1)); };
  EXPECT_NE(names(open(SSHOST_PLUGIN_DIR "/aspp.so")), nullptr);
  EXPECT_EQ(names(open(null + "head.so")), nullptr);
}

}  // namespace
}  // namespace sshost::test
