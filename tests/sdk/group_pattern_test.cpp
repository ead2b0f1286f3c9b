// The expression comes with a pipeline that may be a checkpoint's, the names with a data set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sshost/group_pattern.hpp>
#include <string>

namespace ss {
namespace {

using testing::HasSubstr;

std::string found(const std::string& expression, const std::string& name) {
  return GroupPattern(expression).find(name).value_or("nothing");
}

std::string refusal(const std::string& expression, const std::string& name) {
  try {
    GroupPattern(expression).find(name);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(GroupPatternTest, FindsItsFirstPartInBracketsOrAll) {
  EXPECT_EQ(found("(patient_\\d+)", "a/patient_12_b"), "patient_12");
  EXPECT_EQ(found("patient_\\d+_", "a/patient_12_b"), "patient_12_");
  EXPECT_EQ(found("^(.*?)_", "one_two_three"), "one");
  EXPECT_EQ(found("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                  "scan-01234567-89ab-cdef-0123-456789abcdef.x"),
            "01234567-89ab-cdef-0123-456789abcdef");
  EXPECT_EQ(found("(?:left|right)_(?=\\w)", "eye_left_3"), "left_");
  EXPECT_EQ(found("(\\d+)", "none"), "nothing");
}

TEST(GroupPatternTest, GivesUpWhereASearchWouldTakeForEver) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string name(200, 'a');
  for (const char* expression : {"(a+a+)+b", "((((.*)*)*)*)*x", "(a|a)*b", "(.*)(.*)(.*)(.*)(.*)\\1\\2\\3\\4x",
                                 "(((((((((((((((((((((()*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*b"}) {
    EXPECT_THAT(refusal(expression, name), HasSubstr("it takes too many steps")) << expression;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60)) << "a machine that is busy";
}

TEST(GroupPatternTest, GoesNoDeeperThanItsStack) {
  EXPECT_THAT(refusal("(.|a)*", std::string(1'000'000, 'a')), HasSubstr("both are too long"));
  EXPECT_THAT(refusal(std::string(100, '(') + "a" + std::string(100, ')') + "*", std::string(4000, 'a')),
              HasSubstr("both are too long"));
}

TEST(GroupPatternTest, RefusesWhatUnfoldsToTooMuch) {
  for (const std::string& expression :
       {std::string(20'000, '('), std::string("((((a{99}){99}){99}){99})"), std::string("(a?){50000}"),
        std::string("a{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}")}) {
    EXPECT_THAT(refusal(expression, "a"), HasSubstr("unfolds to at most")) << expression.substr(0, 30);
  }
  EXPECT_THAT(refusal("(a", "a"), HasSubstr("is no regular expression"));
}

}  // namespace
}  // namespace ss
