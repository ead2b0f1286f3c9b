// Plugins of today in a host of yesterday.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/abi/context.h>
#include <sshost/abi/layers.h>

#include "bridge/host_table.h"
#include "bridge/tables.h"
#include "layer/layers_table.h"
#include "plugin/load.h"
#include "state/context_table.h"

namespace sshost::run {
namespace {

using testing::HasSubstr;

// With what version 1.0 had. Never destroyed: the plugin keeps a pointer to it.
bridge::Host& host_of_1_0() {
  auto* host = new bridge::Host("0.1.0", [](ss_log_level, std::string_view) {});
  host->add(SS_LAYERS_1, layer::layers_table());
  host->add(SS_CONTEXT_1, state::context_table());
  return *host;
}

plugin::Registry load(const bridge::Host& host, const std::string& library) {
  return plugin::load_plugins({.search = {},
                               .named = {SSHOST_TEST_PLUGIN_DIR "/" + library},
                               .host = host.abi(),
                               .has_operator = bridge::has_operator});
}

TEST(OlderHost, RefusesByNameWhatItDoesNotKnow) {
  bridge::Host& host = host_of_1_0();
  const plugin::Registry registry = load(host, "later_head.so");
  ASSERT_EQ(registry.refusals().size(), 1U);
  EXPECT_EQ(registry.refusals()[0].reason,
            "it needs what this host does not have: capability \"ss.layers/2\"; use a newer sshost");
  EXPECT_TRUE(load(host, "null_head.so").refusals().empty()) << "which uses nothing of it";
  host.add(SS_LAYERS_2, layer::layers_2_table());
  EXPECT_TRUE(load(host, "later_head.so").refusals().empty());
}

}  // namespace
}  // namespace sshost::run
