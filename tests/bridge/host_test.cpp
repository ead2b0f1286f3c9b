#include "bridge/host_table.h"

#include <gtest/gtest.h>
#include <sshost/abi/layers.h>

#include <stdexcept>

#include "bridge/boundary.h"
#include "bridge/tables.h"

namespace sshost::bridge {
namespace {

TEST(HostTable, TellsItsVersions) {
  const Host host("0.1.0", nullptr);
  EXPECT_EQ(host.abi()->size, sizeof(ss_host));
  EXPECT_EQ(host.abi()->abi_major, static_cast<uint32_t>(SS_ABI_MAJOR));
  EXPECT_EQ(host.abi()->abi_minor, static_cast<uint32_t>(SS_ABI_MINOR));
  EXPECT_EQ(view(host.abi()->version), "0.1.0");
}

TEST(HostTable, GivesTablesByTheirIds) {
  Host host("0.1.0", nullptr);
  const ss_host* abi = host.abi();
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_TENSOR_1)), tensor_table());
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_OPS_1)), ops_table());
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_OPTIONS_1)), options_table());
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_IMAGES_1)), images_table());
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_LAYERS_1)), nullptr);
  EXPECT_FALSE(host.has("ss.ops/2"));
  const ss_layers_table layers{};
  host.add(SS_LAYERS_1, &layers);
  EXPECT_EQ(abi->get(abi, to_ss_string(SS_LAYERS_1)), &layers);
}

TEST(HostTable, KeepsTheMessageOfAFailure) {
  const Host host("0.1.0", nullptr);
  EXPECT_EQ(host.abi()->fail(host.abi(), SS_UNSUPPORTED, to_ss_string("not here")), SS_UNSUPPORTED);
  EXPECT_EQ(view(host.abi()->message(host.abi())), "not here");
}

TEST(HostTable, PassesLinesToTheLog) {
  std::string line;
  const Host host("0.1.0", [&line](ss_log_level level, std::string_view text) {
    line = std::to_string(level) + " " + std::string(text);
  });
  host.abi()->log(host.abi(), SS_LOG_WARNING, to_ss_string("slow disk"));
  EXPECT_EQ(line, "2 slow disk");
}

TEST(HostTable, ALogThatThrowsDoesNotReachThePlugin) {
  const Host host("0.1.0", [](ss_log_level, std::string_view) { throw std::runtime_error("disk full"); });
  EXPECT_NO_THROW(host.abi()->log(host.abi(), SS_LOG_INFO, to_ss_string("a line")));
}

}  // namespace
}  // namespace sshost::bridge
