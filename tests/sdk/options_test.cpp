#include <sshost/options.hpp>

#include <cmath>
#include <limits>

#include "sdk/sdk_test.h"

namespace sshost::test {
namespace {

struct Corner {
  int64_t x = 3;
  std::string label = "a \"b\"";
  static ss::Schema<Corner> schema() {
    return {{"x", &Corner::x, "pixels"}, {"label", &Corner::label, "shown beside it"}};
  }
};

struct Everything {
  bool flag = true;
  int64_t count = 7;
  double rate = 5e-4;
  std::string mode = "soft";
  std::optional<double> limit;
  std::optional<int64_t> cap = 4;
  std::vector<int64_t> scales = {1, 2, 3, 6};
  std::map<std::string, double> weights = {{"sky", 0.5}};
  Corner corner;
  std::vector<Corner> corners = {Corner{}};
  ss::Path root;
  ss::Size frame = {4, 6};
  static ss::Schema<Everything> schema() {
    return {{"flag", &Everything::flag, "t"},
            {"count", &Everything::count, "t", ss::at_least(1), ss::at_most(9)},
            {"rate", &Everything::rate, "t", ss::between(0, 1)},
            {"mode", &Everything::mode, "t", ss::choices({"soft", "hard"})},
            {"limit", &Everything::limit, "t"},
            {"cap", &Everything::cap, "t"},
            {"scales", &Everything::scales, "t", ss::each_at_least(1), ss::at_least_items(2)},
            {"weights", &Everything::weights, "t"},
            {"corner", &Everything::corner, "t"},
            {"corners", &Everything::corners, "t"},
            {"root", &Everything::root, "t", ss::required()},
            {"frame", &Everything::frame, "t", ss::each_at_least(1)}};
  }
};

class Options : public SdkTest {
 protected:
  const ss_option& option(std::string_view name) const {
    for (uint32_t i = 0; i < schema.abi()->option_count; ++i) {
      const ss_option& candidate = *schema.abi()->options[i];
      if (text(candidate.name) == name) return candidate;
    }
    throw std::runtime_error("no option " + std::string(name));
  }
  std::string default_of(std::string_view name) const { return text(option(name).default_value); }

  ss::Schema<Everything> schema = Everything::schema();
};

TEST_F(Options, DefaultsAreWrittenAsYaml) {
  EXPECT_EQ(default_of("flag"), "true");
  EXPECT_EQ(default_of("count"), "7");
  EXPECT_EQ(default_of("rate"), "5e-04");
  EXPECT_EQ(default_of("mode"), "\"soft\"");
  EXPECT_EQ(default_of("cap"), "4");
  EXPECT_EQ(default_of("scales"), "[1, 2, 3, 6]");
  EXPECT_EQ(default_of("weights"), "{\"sky\": 0.5}");
  EXPECT_EQ(default_of("corner"), R"({x: 3, label: "a \"b\""})");
  EXPECT_EQ(default_of("corners"), R"([{x: 3, label: "a \"b\""}])");
}

TEST_F(Options, NullAndRequiredOptionsHaveNoDefault) {
  EXPECT_EQ(default_of("limit"), "");
  EXPECT_EQ(option("limit").flags, SS_OPTION_NULLABLE);
  EXPECT_EQ(option("cap").flags, SS_OPTION_NULLABLE);
  EXPECT_EQ(default_of("root"), "");
  EXPECT_EQ(option("root").flags, SS_OPTION_REQUIRED);
}

TEST_F(Options, RulesOfOneOptionAddUp) {
  EXPECT_EQ(option("count").minimum, 1);
  EXPECT_EQ(option("count").maximum, 9);
  EXPECT_EQ(option("flag").minimum, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(option("scales").minimum, 1);
  EXPECT_EQ(option("scales").minimum_length, 2u);
  ASSERT_EQ(option("mode").choice_count, 2u);
  EXPECT_EQ(text(option("mode").choices[1]), "hard");
}

TEST_F(Options, TypesAreTold) {
  EXPECT_EQ(option("rate").kind, SS_OPTION_DOUBLE);
  EXPECT_EQ(option("root").kind, SS_OPTION_PATH);
  EXPECT_EQ(option("scales").kind, SS_OPTION_INT);
  EXPECT_EQ(option("scales").shape, SS_OPTION_LIST);
  EXPECT_EQ(option("weights").shape, SS_OPTION_MAP);
  EXPECT_EQ(option("corners").kind, SS_OPTION_STRUCT);
  ASSERT_NE(option("corners").fields, nullptr);
  EXPECT_EQ(option("corners").fields->option_count, 2u);
}

::sshost::test::Options complete() {
  const auto corner = group({{"x", value_of(int64_t{8})}, {"label", value_of("z")}});
  return group({{"flag", value_of(false)},
                {"count", value_of(int64_t{2})},
                {"rate", value_of(0.25)},
                {"mode", value_of("hard")},
                {"limit", null_value()},
                {"cap", value_of(int64_t{5})},
                {"scales", list({value_of(int64_t{4}), value_of(int64_t{5})})},
                {"weights", group({{"road", value_of(2.0)}})},
                {"corner", corner},
                {"corners", list({corner, corner})},
                {"root", value_of("/data")},
                {"frame", list({value_of(int64_t{8}), value_of(int64_t{9})})}});
}

TEST_F(Options, ValuesAreReadIntoTheStruct) {
  const auto node = complete();
  const Everything read = schema.read(&node);
  EXPECT_FALSE(read.flag);
  EXPECT_EQ(read.count, 2);
  EXPECT_EQ(read.rate, 0.25);
  EXPECT_EQ(read.mode, "hard");
  EXPECT_EQ(read.limit, std::nullopt);
  EXPECT_EQ(read.cap, 5);
  EXPECT_EQ(read.scales, (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(read.weights, (std::map<std::string, double>{{"road", 2.0}}));
  EXPECT_EQ(read.corner.x, 8);
  ASSERT_EQ(read.corners.size(), 2u);
  EXPECT_EQ(read.corners[1].label, "z");
  EXPECT_EQ(read.root.value, "/data");
  EXPECT_EQ(read.frame, (ss::Size{8, 9}));
}

TEST_F(Options, ASizeIsAListForHostsThatDoNotKnowSizes) {
  EXPECT_EQ(option("frame").flags, SS_OPTION_SIZE);
  EXPECT_EQ(option("frame").kind, SS_OPTION_INT);
  EXPECT_EQ(option("frame").shape, SS_OPTION_LIST);
  EXPECT_EQ(option("frame").minimum_length, 2u);
  EXPECT_EQ(default_of("frame"), "[4, 6]");
  auto node = complete();
  node.children[11].second = list({value_of(int64_t{8})});
  try {
    schema.read(&node);
    FAIL() << "expected an error";
  } catch (const ss::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("option frame: expected a height and a width, found 1 numbers"));
  }
}

TEST_F(Options, AMissingValueIsNamedWithItsWholePath) {
  auto node = complete();
  node.children[8].second = group({{"x", value_of("text")}});
  try {
    schema.read(&node);
    FAIL() << "expected an error";
  } catch (const ss::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("option corner: option x: expected an integer"));
  }
}

}  // namespace
}  // namespace sshost::test
