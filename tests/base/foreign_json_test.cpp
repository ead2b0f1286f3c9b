#include "base/foreign_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost {
namespace {

using test::message_of;
using testing::HasSubstr;

std::string nested(size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(ForeignJson, IsReadAsAnyOther) {
  EXPECT_EQ(parse_foreign_json(R"({"a": [1, {"b": null}]})"), nlohmann::json::parse(R"({"a": [1, {"b": null}]})"));
  EXPECT_THAT(message_of<Error>([] { parse_foreign_json("{\"a\": "); }), HasSubstr("parse error"));
}

TEST(ForeignJson, NestsSoDeepAndNoDeeper) {
  EXPECT_EQ(parse_foreign_json(nested(32)).dump(), nested(32));
  for (const size_t levels : {size_t{40}, size_t{1'000'000}}) {
    EXPECT_THAT(message_of<Error>([&] { parse_foreign_json(nested(levels)); }), HasSubstr("deeper than 32 levels"));
  }
}

TEST(ForeignJson, IsShownWithoutWhatIsInIt) {
  EXPECT_EQ(shown(nlohmann::json::parse("[[1]]")), "a list");
  EXPECT_EQ(shown(nlohmann::json::parse("{}")), "a map");
  EXPECT_EQ(shown("x"), "\"x\"");
  EXPECT_EQ(shown(std::string(5000, 'x')).size(), 100U);
}

}  // namespace
}  // namespace sshost
