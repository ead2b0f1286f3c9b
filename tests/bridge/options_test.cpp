#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "config/option_value.h"

namespace sshost::bridge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Options : public ::testing::Test {
 protected:
  void SetUp() override {
    root.set("channels", config::make_integer(512, {"p.yaml", 7, 3}));
    root.set("dropout", config::make_double(0.1));
    root.set("bias", config::make_bool(true));
    root.set("path", config::make_string("/data/x"));
    root.set("weights", {});
    root.set("scales", config::make_list({config::make_integer(1), config::make_integer(6)}));
  }
  ss_options field(const char* name) const { return table.field(&root, to_ss_string(name)); }

  ss_options_object root = config::make_map();
  const ss_options_table& table = *options_table();
};

TEST_F(Options, ValuesAreReadByName) {
  int64_t channels = 0;
  double dropout = 0;
  int32_t bias = 0;
  ss_string path{};
  EXPECT_EQ(table.as_int(field("channels"), &channels), SS_OK);
  EXPECT_EQ(table.as_double(field("dropout"), &dropout), SS_OK);
  EXPECT_EQ(table.as_bool(field("bias"), &bias), SS_OK);
  EXPECT_EQ(table.as_string(field("path"), &path), SS_OK);
  EXPECT_EQ(channels, 512);
  EXPECT_EQ(dropout, 0.1);
  EXPECT_EQ(bias, 1);
  EXPECT_EQ(view(path), "/data/x");
}

TEST_F(Options, AnIntegerIsAlsoADouble) {
  double value = 0;
  EXPECT_EQ(table.as_double(field("channels"), &value), SS_OK);
  EXPECT_EQ(value, 512);
}

TEST_F(Options, ListsAndMapsAreWalkedInOrder) {
  const ss_options scales = field("scales");
  ASSERT_EQ(table.length(scales), 2U);
  int64_t last = 0;
  EXPECT_EQ(table.as_int(table.item(scales, 1), &last), SS_OK);
  EXPECT_EQ(last, 6);
  EXPECT_EQ(table.item(scales, 2), nullptr);
  EXPECT_EQ(table.length(&root), 6U);
  EXPECT_EQ(view(table.key(&root, 1)), "dropout");
  EXPECT_EQ(view(table.key(&root, 6)), "");
  EXPECT_EQ(view(table.key(scales, 0)), "");
  EXPECT_EQ(table.length(field("channels")), 0U);
}

TEST_F(Options, NullAndUnknownNamesAreNull) {
  EXPECT_EQ(field("weights"), nullptr);
  EXPECT_EQ(field("weihgts"), nullptr);
  EXPECT_EQ(table.field(nullptr, to_ss_string("x")), nullptr);
  EXPECT_EQ(table.length(nullptr), 0U);
  EXPECT_EQ(table.item(nullptr, 0), nullptr);
}

TEST_F(Options, AnotherKindIsRefusedWithItsPlace) {
  ss_string text{};
  int64_t integer = -1;
  EXPECT_EQ(table.as_string(field("channels"), &text), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(message()), AllOf(HasSubstr("p.yaml:7:3"), HasSubstr("a string"), HasSubstr("an integer")));
  EXPECT_EQ(table.as_int(field("dropout"), &integer), SS_INVALID_ARGUMENT);
  EXPECT_EQ(table.as_int(field("weights"), &integer), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(message()), HasSubstr("null"));
  EXPECT_EQ(integer, -1);
}

}  // namespace
}  // namespace sshost::bridge
