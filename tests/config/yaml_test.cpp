#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/option_value.h"
#include "config/parse_yaml.h"
#include "config/scalar.h"
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

TEST(Yaml, TextThatIsWrittenIntoAListReadsBackAsItself) {
  const std::vector<std::string> texts{"plain", "#ff0000", "a, b", "[x]",  "{y}",   "a: b",  "a #b",        "*x",
                                       "&x",    "!x",      "| x",  "> x",  "'quo'", "\"q\"", "%x",          "@x",
                                       "`x",    "",        " a ",  "null", "true",  "1e3",   "caf\xc3\xa9", "- x",
                                       "x ",    "a\tb",    "a\nb", "-x",   "?x",    "="};
  for (const std::string& text : texts) {
    const Node item = parse("[" + flow_yaml(text) + ", last]\n").items.at(0);
    EXPECT_EQ(item.scalar, text);
    EXPECT_TRUE(item.quoted || is_plain_text(text)) << text;
  }
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

TEST(MergeKeys, TakeWhatTheMapDoesNotHaveItselfWithTheirPlaces) {
  const Node root = parse("a: &a {k: 1, l: 2}\nb:\n  <<: *a\n  l: 3\n");
  const Node& b = *root.find("b");
  ASSERT_EQ(b.entries.size(), 2U);
  EXPECT_EQ(b.find("l")->scalar, "3");
  EXPECT_EQ(b.find("k")->scalar, "1");
  EXPECT_EQ(b.find("k")->key_path, "b.k");
  EXPECT_EQ(b.find_entry("k")->place, (Place{"p.yaml", 1, 8}));
  EXPECT_EQ(b.find("l")->place, (Place{"p.yaml", 4, 6}));
}

TEST(MergeKeys, OfAListTheFirstMapThatHasTheKeyCounts) {
  const Node root = parse("a: &a {k: 1}\nb: &b {k: 2, l: 2}\nc: {<<: [*a, *b, {l: 3, m: 3}], n: 4}\n");
  const Node& c = *root.find("c");
  EXPECT_EQ(c.find("k")->scalar, "1");
  EXPECT_EQ(c.find("l")->scalar, "2");
  EXPECT_EQ(c.find("m")->scalar, "3");
  EXPECT_EQ(c.find("n")->scalar, "4");
  EXPECT_EQ(c.find("<<"), nullptr);
}

TEST(MergeKeys, MergeWhatWasMergedAndReplaceWholeValues) {
  const Node root = parse("a: &a {k: {x: 1, y: 1}}\nb: &b {<<: *a, l: 2}\nc: {<<: *b, k: {x: 2}}\n");
  EXPECT_EQ(root.find("c")->find("l")->scalar, "2");
  EXPECT_EQ(root.find("c")->find("k")->find("y"), nullptr);
}

TEST(MergeKeys, AQuotedOneIsAKeyLikeAnyOther) {
  EXPECT_EQ(parse("a: {\"<<\": {k: 1}}\n").find("a")->find("<<")->find("k")->scalar, "1");
}

TEST(MergeKeys, RefuseWhatIsNoMap) {
  EXPECT_EQ(syntax_error("a: {<<: 3}\n"),
            "p.yaml:1:9: expected a map, or a list of maps, to be merged by \"<<\", found text");
  EXPECT_THAT(syntax_error("a:\n  <<: [{k: 1}, 2]\n"), HasSubstr("found a list with something else"));
  EXPECT_THAT(syntax_error("a:\n  <<:\n"), HasSubstr("found nothing"));
}

TEST(MergeKeys, AKeyOfOnesOwnThatIsGivenTwiceIsStillReported) {
  Problems problems;
  parse_yaml("a: &a {k: 1}\nb:\n  <<: *a\n  k: 1\n  k: 2\n", "p.yaml", "", problems);
  EXPECT_THAT(problems.lines(), ElementsAre("p.yaml:5:3: b.k: the key is given twice, first at p.yaml:4:3"));
}

TEST(Unquoted, APatternThatBeginsAsAMapIsToldWithItsPlaceAndTheWayOut) {
  const std::string advice =
      "not valid YAML: \"{\" begins a map, and text follows its end; put a text that begins so in quotes";
  EXPECT_EQ(syntax_error("data:\n  images: {split}/*.jpg\n  labels: x\n"), "p.yaml:2:11: " + advice);
  EXPECT_EQ(syntax_error("a: 1\nd: {type: folder, images: {split}/*.jpg, x: 1}\nb: 1\n"), "p.yaml:2:27: " + advice);
}

TEST(Unquoted, SoAreOtherPatterns) {
  EXPECT_THAT(syntax_error("a: 1\nb: *.jpg\n"), StartsWith("p.yaml:2:4: not valid YAML: \"*\" begins an alias"));
  EXPECT_THAT(syntax_error("b: [0-9]*.png\nc: 1\n"), StartsWith("p.yaml:1:4: not valid YAML: \"[\" begins a list"));
  EXPECT_THAT(syntax_error("b: %d.png\n"), StartsWith("p.yaml:1:4: not valid YAML: YAML keeps \"%\""));
  EXPECT_THAT(syntax_error("b: [#ff0000, \"#00ff00\"]\nc: 1\n"),
              StartsWith("p.yaml:1:5: not valid YAML: \"#\" begins"));
}

TEST(Unquoted, WhatIsQuotedOrAMapIsNotBlamed) {
  EXPECT_THAT(syntax_error("a: \"{split}/*.jpg\"\nb: {c: [1, 2]} # {d}e\nf: [1\ng: 2\n"), StartsWith("p.yaml:4:"));
}

TEST(Unquoted, AColorIsToldFromAValueThatIsLeftOut) {
  const Node root =
      parse("a:\n  color: #ff0000\n  none: # a comment\n  null: ~\n  list:\n  - #00ff00\n  - x\n  last: null #x\n");
  const Node& a = *root.find("a");
  EXPECT_EQ(a.find("color")->comment, "#ff0000");
  EXPECT_EQ(a.find("color")->place, (Place{"p.yaml", 2, 3}));
  EXPECT_EQ(a.find("none")->comment, "");
  EXPECT_EQ(a.find("list")->items[0].comment, "#00ff00");
  EXPECT_EQ(a.find("last")->comment, "");
  EXPECT_EQ(name_of(*a.find("color")), "nothing, since YAML takes #ff0000 for a comment; write \"#ff0000\" in quotes");
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

TEST(Yaml, WhatNoReaderSeesIsEscapedAndReadsBackAsItWas) {
  for (const char* text :
       {"a\nb", "tab\t", "\xe2\x80\xaeturned\xe2\x81\xa9", "\xf3\xa0\x81\x81", "it's \"\\ \x7f", "\xef\xbb\xbfx"}) {
    for (const std::string& yaml : {quoted_yaml(text), flow_yaml(text), to_yaml(make_string(text))}) {
      EXPECT_TRUE(is_printable_text(yaml.substr(0, yaml.find_last_not_of('\n') + 1))) << yaml;
      EXPECT_EQ(parse("key: " + yaml).find("key")->scalar, text) << yaml;
    }
  }
  EXPECT_EQ(to_yaml(make_string("道路")), "道路\n");
}

TEST(Yaml, ATabInFrontOfALineIsToldWithItsPlace) {
  EXPECT_THAT(syntax_error("a:\n  b: 1\n\tc: 2\n"), HasSubstr("p.yaml:3:1: not valid YAML: a tab in front of a line"));
  EXPECT_THAT(syntax_error("a:\n  \tb: {c: 1\n"), HasSubstr(":2:3: not valid YAML: a tab"));
}

}  // namespace
}  // namespace sshost::config
