#include "plugin/descriptor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "plugin/support.h"
#include "plugin/text.h"

namespace sshost::plugin {
namespace {

using testing::HasSubstr;

// A right descriptor, each part of which a test can spoil.
struct Descriptor {
  Descriptor() {
    option = {sizeof option,
              SS_OPTION_INT,
              SS_OPTION_SCALAR,
              0,
              to_abi("channels"),
              to_abi("width"),
              to_abi("512"),
              1,
              std::numeric_limits<double>::infinity(),
              nullptr,
              0,
              0,
              nullptr};
    schema = {sizeof schema, 1, options};
    table.create = [](ss_builder, ss_options, const ss_backbone_spec*, void**) -> ss_status { return SS_OK; };
    table.destroy = [](void*) {};
    table.features = [](void*, ss_feature_spec*, uint32_t*) -> ss_status { return SS_OK; };
    table.forward = [](void*, ss_context, ss_tensor, ss_tensor*, uint32_t) -> ss_status { return SS_OK; };
    component = {sizeof component, 0, to_abi(SS_BACKBONE_1), to_abi("tiny"), to_abi("help"), &schema, &table, nullptr};
    plugin = {sizeof plugin, 1, to_abi("tiny"), to_abi("1.0"), components, nullptr, nullptr, 0, 0};
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  std::string reason() const {
    return message_of([&] { check_descriptor(&plugin); });
  }

  ss_option option;
  const ss_option* options[2] = {&option, &option};
  ss_schema schema;
  ss_backbone_table table{};
  ss_component component;
  const ss_component* components[2] = {&component, &component};
  ss_plugin plugin;
};

TEST(Descriptor, ARightOneIsAccepted) { EXPECT_EQ(Descriptor().reason(), ""); }

TEST(Descriptor, ALaterAndLongerOneIsAccepted) {
  Descriptor d;
  d.plugin.size += 64, d.component.size += 64, d.schema.size += 64, d.option.size += 64;
  EXPECT_EQ(d.reason(), "");
}

TEST(Descriptor, RefusesAShortOne) {
  Descriptor d;
  d.plugin.size = 8;
  EXPECT_THAT(d.reason(), HasSubstr("expected at least 72 bytes, found 8"));
  Descriptor e;
  e.component.size = 0;
  EXPECT_THAT(e.reason(), HasSubstr("component 0 has no valid size: expected at least 80 bytes, found 0"));
}

TEST(Descriptor, RefusesNullPointers) {
  EXPECT_THAT(message_of([] { check_descriptor(nullptr); }), HasSubstr("gave no descriptor"));
  Descriptor a, b, c, d, e;
  a.plugin.components = nullptr;
  EXPECT_THAT(a.reason(), HasSubstr("components is a null pointer"));
  b.components[0] = nullptr;
  EXPECT_THAT(b.reason(), HasSubstr("component 0 is a null pointer"));
  c.component.table = nullptr;
  EXPECT_THAT(c.reason(), HasSubstr("the function table of ss.backbone/1 \"tiny\" is a null pointer"));
  d.options[0] = nullptr;
  EXPECT_THAT(d.reason(), HasSubstr("option 0 of ss.backbone/1 \"tiny\" is a null pointer"));
  e.plugin.needed_operator_count = 1;
  EXPECT_THAT(e.reason(), HasSubstr("needed operators is a null pointer"));
}

TEST(Descriptor, NamesTheFunctionThatIsMissing) {
  Descriptor d;
  d.table.features = nullptr;
  EXPECT_THAT(d.reason(), HasSubstr("the function `features` of ss.backbone/1 \"tiny\" is a null pointer"));
}

TEST(Descriptor, RefusesTextThatIsNoUtf8OrNoName) {
  Descriptor a, b, c, d;
  a.component.name = to_abi("t\xff");
  EXPECT_THAT(a.reason(), HasSubstr("the name of component 0 is not valid UTF-8"));
  b.component.name = to_abi("my head");
  EXPECT_THAT(b.reason(), HasSubstr("\"my head\"; a name has no spaces"));
  c.plugin.version = {nullptr, 3};
  EXPECT_THAT(c.reason(), HasSubstr("the plugin's version is a null pointer"));
  d.option.text = {"x", uint64_t{1} << 40};
  EXPECT_THAT(d.reason(), HasSubstr("1099511627776 bytes"));
}

TEST(Descriptor, RefusesTheSameComponentTwice) {
  Descriptor d;
  d.plugin.component_count = 2;
  EXPECT_THAT(d.reason(), HasSubstr("it offers ss.backbone/1 \"tiny\" twice"));
}

TEST(Descriptor, RefusesOneWithoutComponents) {
  Descriptor d;
  d.plugin.component_count = 0;
  EXPECT_THAT(d.reason(), HasSubstr("offers no component"));
}

TEST(Descriptor, RefusesOptionsThatNobodyCouldSet) {
  Descriptor a, b, c, d, e, f;
  a.option.kind = 77;
  EXPECT_THAT(a.reason(), HasSubstr("option \"channels\" of ss.backbone/1 \"tiny\" has the unknown kind 77"));
  b.option.minimum = 5, b.option.maximum = 4;
  EXPECT_THAT(b.reason(), HasSubstr("bounds that no number meets"));
  c.schema.option_count = 2;
  EXPECT_THAT(c.reason(), HasSubstr("is there twice"));
  d.option.choice_count = 1;
  EXPECT_THAT(d.reason(), HasSubstr("the pointer to them is null"));
  e.option.kind = SS_OPTION_STRUCT;
  EXPECT_THAT(e.reason(), HasSubstr("are a null pointer"));
  f.option.flags = SS_OPTION_SIZE;
  EXPECT_THAT(f.reason(), HasSubstr("is a size, which only a list of integers can be"));
}

TEST(Descriptor, RefusesOptionsThatContainThemselves) {
  Descriptor d;
  d.option.kind = SS_OPTION_STRUCT;
  d.option.fields = &d.schema;
  EXPECT_THAT(d.reason(), HasSubstr("nested too deeply"));
}

TEST(Descriptor, KnowsUtf8) {
  for (const char* good :
       {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xc1\x81", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xff"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

}  // namespace
}  // namespace sshost::plugin
