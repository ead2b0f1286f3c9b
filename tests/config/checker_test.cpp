#include "config/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_yaml.h"
#include "config/schema.h"

namespace sshost::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Checked {
  ss_options_object value;
  std::vector<std::string> errors;
};

Checked check(const std::string& text, const Schema& schema, const std::string& name = "p.yaml") {
  Problems problems;
  const Node node = parse_yaml(text, name, "x", problems);
  ss_options_object value = check_options(node, &schema.abi(), "aspp", std::vector<std::string>{"type"}, problems);
  return {std::move(value), problems.lines()};
}

// The one error of a value `v`, without its place.
std::string error_of(const Option& option, const std::string& value) {
  const Checked checked = check("v: " + value, Schema({option}));
  if (checked.errors.size() != 1) return std::to_string(checked.errors.size()) + " errors";
  return checked.errors[0].substr(std::string("p.yaml:1:4: x.v: ").size());
}

const ss_options_object& value_of(const Checked& checked) { return checked.value.at("v"); }

TEST(Checker, FillsInDefaults) {
  const Schema schema({integer("i", "8", ""), real("r", "5e-4", ""), boolean("b", "true", ""), string("s", "a b", ""),
                       integer("l", "[1, 2]", "").list(), integer("n", "", "").nullable(), string("e", "", ""),
                       string("el", "", "").list(), structure("m", Schema({integer("k", "3", "")}), "")});
  const Checked checked = check("", schema);
  EXPECT_THAT(checked.errors, IsEmpty());
  EXPECT_EQ(checked.value.at("i").integer, 8);
  EXPECT_EQ(checked.value.at("r").real, 5e-4);
  EXPECT_TRUE(checked.value.at("b").boolean);
  EXPECT_EQ(checked.value.at("s").text, "a b");
  EXPECT_THAT(integers_of(checked.value.at("l")), ElementsAre(1, 2));
  EXPECT_TRUE(checked.value.at("n").is_null());
  EXPECT_EQ(checked.value.at("e").text, "");
  EXPECT_THAT(strings_of(checked.value.at("el")), IsEmpty());
  EXPECT_EQ(checked.value.at("m").at("k").integer, 3);
}

TEST(Checker, AColorWithoutQuotesIsNoNull) {
  const std::string advice = "nothing, since YAML takes #ff0000 for a comment; write \"#ff0000\" in quotes";
  const auto errors = [](const Option& option, const std::string& value) {
    return check("v: " + value + "\n", Schema({option})).errors;
  };
  EXPECT_THAT(errors(string("v", "", "").nullable(), "#ff0000"),
              ElementsAre("p.yaml:1:1: x.v: expected text, found " + advice));
  EXPECT_THAT(errors(string("v", "", ""), "#ff0000"), ElementsAre(HasSubstr(advice)));
  EXPECT_THAT(errors(string("v", "", "").nullable(), "# red"), IsEmpty());
  EXPECT_THAT(errors(string("v", "", "").nullable(), "null  #ff0000"), IsEmpty());
  EXPECT_THAT(errors(string("v", "", "").nullable(), "\"#ff0000\""), IsEmpty());
}

TEST(Checker, TakesNumbersAsPeopleWriteThem) {
  EXPECT_EQ(value_of(check("v: 1e4", Schema({integer("v", "0", "")}))).integer, 10000);
  EXPECT_EQ(value_of(check("v: -3", Schema({integer("v", "0", "")}))).integer, -3);
  EXPECT_EQ(value_of(check("v: 9223372036854775807", Schema({integer("v", "0", "")}))).integer, INT64_MAX);
  const Checked whole = check("v: 3", Schema({real("v", "0", "")}));
  EXPECT_EQ(value_of(whole).kind, ss_options_object::Kind::kDouble);
  EXPECT_EQ(value_of(whole).real, 3);
  EXPECT_EQ(value_of(check("v: 5E-4", Schema({real("v", "0", "")}))).real, 5e-4);
  EXPECT_EQ(value_of(check("v: .5", Schema({real("v", "0", "")}))).real, 0.5);
}

TEST(Checker, OneValueStandsForTheListOfItWhereTheSchemaSaysSo) {
  Option patterns = string("v", "", "").list();
  patterns.flags |= SS_OPTION_ONE_IS_LIST;
  EXPECT_THAT(strings_of(value_of(check("v: '*.jpg'", Schema({patterns})))), ElementsAre("*.jpg"));
  EXPECT_THAT(strings_of(value_of(check("v: ['*.jpg', '*.png']", Schema({patterns})))), ElementsAre("*.jpg", "*.png"));
  EXPECT_EQ(error_of(patterns, "{a: b}"), "expected text or a list of text, found a map");
  EXPECT_EQ(error_of(string("v", "", "").list(), "abc"), "expected a list of text, found the text \"abc\"");
}

TEST(Checker, ATextStandsForAMapWithItsFirstFieldWhereTheSchemaSaysSo) {
  Option classes = structure("v", Schema({string("name", "", "").required(), string("color", "", "").nullable()}), "");
  EXPECT_EQ(error_of(classes, "road"), "expected a map, found the text \"road\"");
  classes = classes.list();
  classes.flags |= SS_OPTION_TEXT_IS_FIELD;
  const Checked checked = check("v: [road, {name: sky, color: blue}]", Schema({classes}));
  EXPECT_THAT(checked.errors, IsEmpty());
  EXPECT_EQ(value_of(checked).children.at(0).at("name").text, "road");
  EXPECT_TRUE(value_of(checked).children.at(0).at("color").is_null());
  EXPECT_EQ(value_of(checked).children.at(1).at("name").text, "sky");
}

TEST(Checker, RefusesAnotherKind) {
  EXPECT_EQ(error_of(integer("v", "0", ""), "abc"), "expected an integer, found the text \"abc\"");
  EXPECT_EQ(error_of(integer("v", "0", ""), "1.5"), "expected an integer, found the number 1.5");
  EXPECT_EQ(error_of(integer("v", "0", ""), "\"5\""), "expected an integer, found the text \"5\"");
  EXPECT_EQ(error_of(integer("v", "0", ""), "99999999999999999999"),
            "expected an integer, found the number 99999999999999999999");
  EXPECT_EQ(error_of(real("v", "0", ""), "1x"), "expected a number, found the text \"1x\"");
  EXPECT_EQ(error_of(real("v", "0", ""), "[1]"), "expected a number, found a list");
  EXPECT_EQ(error_of(integer("v", "0", ""), "null"), "expected an integer, found nothing");
}

TEST(Checker, OnlyTrueAndFalseAreBooleans) {
  EXPECT_EQ(error_of(boolean("v", "true", ""), "yes"), "expected true or false, found the text \"yes\"");
  EXPECT_EQ(error_of(boolean("v", "true", ""), "1"), "expected true or false, found the number 1");
  EXPECT_EQ(error_of(boolean("v", "true", ""), "True"), "expected true or false, found the text \"True\"");
  EXPECT_FALSE(value_of(check("v: false", Schema({boolean("v", "true", "")}))).boolean);
}

TEST(Checker, ANumberIsNoTextUnlessQuoted) {
  EXPECT_EQ(error_of(string("v", "", ""), "2012"),
            "expected text, found the number 2012; quote it if it is meant as text: \"2012\"");
  EXPECT_THAT(error_of(string("v", "", ""), "true"), HasSubstr("quote it"));
  EXPECT_EQ(value_of(check("v: '2012'", Schema({string("v", "", "")}))).text, "2012");
  EXPECT_EQ(value_of(check("v: no", Schema({string("v", "", "")}))).text, "no");
}

TEST(Checker, NamesRangeChoicesAndLength) {
  EXPECT_EQ(error_of(integer("v", "1", "").at_least(1), "0"), "expected an integer of at least 1, found the number 0");
  EXPECT_EQ(error_of(real("v", "1", "").between(0, 1), "1.5"), "expected a number from 0 to 1, found the number 1.5");
  EXPECT_EQ(error_of(real("v", "1", "").between(0, 1), ".nan"), "expected a number from 0 to 1, found the number .nan");
  EXPECT_EQ(error_of(string("v", "mean", "").one_of({"mean", "cosine"}), "maen"),
            "expected one of mean, cosine; found the text \"maen\" (did you mean \"mean\"?)");
  EXPECT_EQ(error_of(integer("v", "[1, 2]", "").list(2), "[1]"), "expected at least 2 elements, found 1");
  EXPECT_EQ(error_of(integer("v", "[1]", "").list(), "1"), "expected a list of integers, found the number 1");
}

TEST(Checker, ChecksEveryElementOfAList) {
  const Checked checked = check("v: [1, a, 3, 0]", Schema({integer("v", "[1]", "").list().at_least(1)}));
  EXPECT_THAT(checked.errors, ElementsAre("p.yaml:1:8: x.v.1: expected an integer of at least 1, found the text \"a\"",
                                          "p.yaml:1:14: x.v.3: expected an integer of at least 1, found the number 0"));
  EXPECT_EQ(integers_of(value_of(checked)).size(), 4U);
}

TEST(Checker, SuggestsTheNearestOption) {
  const Schema schema({integer("dilations", "[1]", "").list(), integer("channels", "1", ""), real("dropout", "0", "")});
  EXPECT_THAT(check("channels: 2\ndilatoins: [1]", schema).errors,
              ElementsAre("p.yaml:2:1: x.dilatoins: unknown option; aspp has: dilations, channels, dropout (did you "
                          "mean \"dilations\"?)"));
  EXPECT_THAT(check("tpye: a", schema).errors, ElementsAre(HasSubstr("(did you mean \"type\"?)")));
  EXPECT_THAT(check("type: a", schema).errors, IsEmpty());
  EXPECT_THAT(check("a: 1", Schema({})).errors, ElementsAre("p.yaml:1:1: x.a: unknown option; aspp has no options"));
}

TEST(Checker, ReportsARequiredOptionThatIsMissing) {
  const Schema schema({integer("classes", "", "number of classes").required()});
  EXPECT_THAT(check("{}", schema).errors,
              ElementsAre("p.yaml:1:1: x.classes: aspp needs this option: number of classes"));
}

TEST(Checker, ReadsStructsListsOfStructsAndMaps) {
  Option entries = structure("v", Schema({integer("k", "1", ""), string("s", "", "").required()}), "");
  const Checked list = check("v: [{s: a}, {k: 2, s: b}]", Schema({entries.list()}));
  EXPECT_THAT(list.errors, IsEmpty());
  EXPECT_EQ(value_of(list).children[0].at("k").integer, 1);
  EXPECT_EQ(value_of(list).children[1].at("s").text, "b");
  EXPECT_THAT(check("v: [{k: 2}, {s: b, q: 1}, 3]", Schema({entries.list()})).errors,
              ElementsAre(HasSubstr("1:5: x.v.0.s: v needs this option"),
                          HasSubstr("1:20: x.v.1.q: unknown option; v has: k, s"),
                          HasSubstr("1:27: x.v.2: expected a map, found the number 3")));

  Option map = integer("v", "", "");
  map.shape = SS_OPTION_MAP;
  const Checked checked = check("v: {road: 0, sky: 3}", Schema({map}));
  EXPECT_THAT(checked.errors, IsEmpty());
  EXPECT_THAT(value_of(checked).keys, ElementsAre("road", "sky"));
  EXPECT_EQ(value_of(checked).at("sky").integer, 3);
}

TEST(Checker, MakesPathsAbsoluteFromTheirFile) {
  const Schema schema({path("v", "", "")});
  EXPECT_EQ(value_of(check("v: ../d/x.png", schema, "/a/b/p.yaml")).text, "/a/d/x.png");
  EXPECT_EQ(value_of(check("v: /x.png", schema, "/a/b/p.yaml")).text, "/x.png");
  EXPECT_EQ(value_of(check("v: \"\"", schema, "/a/b/p.yaml")).text, "");
}

TEST(Checker, BlamesAPluginForADefaultThatDoesNotFit) {
  for (const char* bad : {"0", "abc", "[1", ""}) {
    const Checked checked = check("{}", Schema({integer("v", bad, "").at_least(1)}));
    EXPECT_THAT(checked.errors,
                ElementsAre(AllOf(HasSubstr("x.v: aspp declares the default \""), HasSubstr("mistake of the plugin"))))
        << bad;
  }
}

TEST(Checker, SurvivesASchemaThatContainsItself) {
  ss_option inner{};
  const ss_option* options[] = {&inner};
  const ss_schema schema{sizeof(ss_schema), 1, options};
  inner = {
      sizeof(ss_option), SS_OPTION_STRUCT, SS_OPTION_SCALAR, 0, {"again", 5}, {}, {}, 0, 0, nullptr, 0, 0, &schema};
  Problems problems;
  check_options(Node{}, &schema, "aspp", {}, problems);
  EXPECT_THAT(problems.lines(), ElementsAre(HasSubstr("nested too deeply")));
}

TEST(Checker, RefusesWhatIsNoMap) {
  EXPECT_THAT(check("[1]", Schema({integer("v", "", "").required()})).errors,
              ElementsAre("p.yaml:1:1: x: expected a map with the options of aspp, found a list"));
}

}  // namespace
}  // namespace sshost::config
