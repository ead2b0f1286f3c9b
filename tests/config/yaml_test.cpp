#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/parse_yaml.h"
#include "config/support.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Node parse(const std::string& text) {
  Problems problems;
  return parse_yaml(text, "p.yaml", "", problems);
}

std::string syntax_error(const std::string& text) {
  try {
    parse(text);
  } catch (const SyntaxError& error) {
    return to_string(error.place()) + ": " + error.what();
  }
  return "";
}

std::string repeat(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

TEST(Yaml, KnowsThePlaceOfEveryKeyAndValue) {
  const Node root = parse("a: 1\nb:\n  c: [x, \"y\"]\n");
  const Node::Entry* c = root.find("b")->find_entry("c");
  EXPECT_EQ(c->place, (Place{"p.yaml", 3, 3}));
  EXPECT_EQ(c->value.place, (Place{"p.yaml", 3, 6}));
  EXPECT_EQ(c->value.items[1].place, (Place{"p.yaml", 3, 10}));
  EXPECT_EQ(c->value.items[1].key_path, "b.c.1");
  EXPECT_TRUE(c->value.items[1].quoted);
  EXPECT_FALSE(c->value.items[0].quoted);
}

TEST(Yaml, ReportsASyntaxErrorWithItsPlace) {
  EXPECT_THAT(syntax_error("a: 1\nb: [1, 2\nc: 3\n"), StartsWith("p.yaml:3:"));
  EXPECT_THAT(syntax_error("a: 1\n\tb: 2\n"), StartsWith("p.yaml:2:1: not valid YAML: "));
}

TEST(Yaml, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(syntax_error("a: 1\nb: \xff\n"), "p.yaml:2:4: expected UTF-8 text, found the byte 255");
  EXPECT_THAT(syntax_error("a: \xc0\x80\n"), HasSubstr("expected UTF-8"));      // overlong
  EXPECT_THAT(syntax_error("a: \xed\xa0\x80\n"), HasSubstr("expected UTF-8"));  // half of a surrogate pair
  EXPECT_THAT(syntax_error("a: \xe2\x82"), HasSubstr("expected UTF-8"));        // cut off
  EXPECT_EQ(syntax_error("a: caf\xc3\xa9 \xf0\x9f\x99\x82\n"), "");
}

TEST(Yaml, RefusesControlCharacters) {
  EXPECT_THAT(syntax_error(std::string("a: 1\n\x04 b: 2\n")), StartsWith("p.yaml:2:1: expected text"));
  EXPECT_THAT(syntax_error(std::string("a: 1\0b: 2\n", 10)), StartsWith("p.yaml:1:5: expected text"));
}

TEST(Yaml, ReportsAKeyGivenTwiceWithBothPlaces) {
  Problems problems;
  parse_yaml("m:\n  a: 1\n  b: 2\n  a: 3\n", "p.yaml", "", problems);
  EXPECT_THAT(problems.lines(), ElementsAre("p.yaml:4:3: m.a: the key is given twice, first at p.yaml:2:3"));
}

TEST(Yaml, RefusesASecondDocument) { EXPECT_THAT(syntax_error("a: 1\n---\nb: 2\n"), HasSubstr("one document")); }

TEST(Yaml, RefusesAliasesThatGrowWithoutBound) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int j = 1; j < 10; ++j) text += ", " + below;
    text += "]\n";
  }
  EXPECT_THAT(syntax_error(text), HasSubstr("too many values"));
}

TEST(Yaml, AnAliasHasTheKeyPathOfWhereItStands) {
  const Node root = parse("a: &x {k: 1}\nb: *x\n");
  EXPECT_EQ(root.find("b")->find("k")->key_path, "b.k");
}

TEST(Yaml, RefusesAMapAsAKey) { EXPECT_THAT(syntax_error("{a: 1}: 2\n"), HasSubstr("the key of a map")); }

TEST(Yaml, SurvivesDeepNesting) {
  EXPECT_THAT(syntax_error("a:\n " + repeat("- ", 100000)), HasSubstr("not valid YAML"));
}

TEST(Yaml, AnEmptyFileIsAnEmptyPipeline) {
  EXPECT_TRUE(parse("").is_null());
  EXPECT_TRUE(parse("# nothing\n").is_null());
}

TEST(Yaml, ASyntaxErrorOfAFileIsAUsageError) {
  EXPECT_THAT(errors_of("a: [1\n"), ElementsAre(StartsWith("p.yaml:2:1: not valid YAML")));
  EXPECT_THAT(errors_of("- a\n- b\n"),
              ElementsAre(HasSubstr("expected a map with the keys of a pipeline, found a list")));
}

}  // namespace
}  // namespace sshost::config
