// What a small file can be made to take: each of these took gigabytes, minutes or the stack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/error.h"
#include "config/load.h"
#include "config/parse_yaml.h"
#include "config/support.h"

namespace sshost::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

std::string repeat(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

std::string load_error(const std::string& file, const std::vector<std::string>& overrides = {}) {
  try {
    Problems problems;
    load_pipeline_file(file, overrides, problems);
    problems.throw_if_any();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Bounds, AliasesThatRepeatALongText) {
  TemporaryFolder folder;
  const std::string text = "a: &a " + repeat("x", 370'000) + "\nb: [" + repeat("*a, ", 50'000) + "]\n";
  EXPECT_THAT(load_error(folder.write("p.yaml", text)), AllOf(HasSubstr("p.yaml:2:"), HasSubstr(": too much text")));
}

TEST(Bounds, AKeyThatAllValuesBelowItRepeatInTheirPaths) {
  TemporaryFolder folder;
  const std::string text = "? " + repeat("k", 900'000) + "\n: [" + repeat("1,", 20'000) + "]\n";
  EXPECT_THAT(load_error(folder.write("p.yaml", text)), HasSubstr("expected a key of at most 1000 bytes"));
  const std::string nested = repeat("k", 900) + ": {" + repeat("l", 900) + ": [" + repeat("1,", 50'000) + "]}\n";
  EXPECT_THAT(load_error(folder.write("q.yaml", nested)), HasSubstr("too much text in the keys"));
}

TEST(Bounds, ALongOverrideIsKeptOnce) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "a: 1\n");
  const long before = peak_kib();
  EXPECT_EQ(load_error(file, {"a=[" + repeat("1,", 60'000) + "]"}), "");
  EXPECT_LT(peak_kib() - before, 500'000);
}

TEST(Bounds, AnOverrideOfManyKeys) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "a: 1\n");
  EXPECT_THAT(load_error(file, {repeat("a.", 60'000) + "a=1"}), HasSubstr("the path of the key is too long"));
  EXPECT_THAT(load_error(file, {repeat("a.", 200) + "a=1"}), HasSubstr("the path of the key is too long"));
}

TEST(Bounds, OverridesShareTheBudgetOfTheirPipeline) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "a: 1\n");
  const std::string argument = "a=[" + repeat("1,", 60'000) + "]";
  EXPECT_THAT(load_error(file, {argument, argument}), HasSubstr("too many values"));
}

TEST(Bounds, AnErrorShowsThePartOfALongOverride) {
  TemporaryFolder folder;
  const std::string error = load_error(folder.write("p.yaml", "a: 1\n"), {"a.b=" + repeat("x", 100'000)});
  EXPECT_THAT(error, AllOf(HasSubstr("--set a.b=xxx"), HasSubstr("xxx...: a.b: a is the number 1")));
  EXPECT_LT(error.size(), 1000U);
}

TEST(Bounds, FilesThatEachExtendTheNextOneTwice) {
  TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    folder.write(std::to_string(i) + ".yaml", "extends: [" + next + ", " + next + "]\n");
  }
  folder.write("20.yaml", "a: 1\n");
  EXPECT_THAT(load_error(folder.path("0.yaml")), HasSubstr("the pipeline extends more than 100 files"));
}

TEST(Bounds, AChainOfFiveThousandFiles) {
  TemporaryFolder folder;
  for (int i = 0; i < 5000; ++i) {
    folder.write(std::to_string(i) + ".yaml", "extends: " + std::to_string(i + 1) + ".yaml\n");
  }
  folder.write("5000.yaml", "a: 1\n");
  EXPECT_THAT(load_error(folder.path("0.yaml")),
              HasSubstr("99.yaml:1:10: extends: the pipeline extends more than 100"));
}

TEST(Bounds, FilesShareTheBudgetOfTheirPipeline) {
  TemporaryFolder folder;
  folder.write("base.yaml", "a: [" + repeat("1,", 60'000) + "]\n");
  folder.write("other.yaml", "a: [" + repeat("1,", 60'000) + "]\n");
  EXPECT_THAT(load_error(folder.write("p.yaml", "extends: [base.yaml, other.yaml]\n")), HasSubstr("other.yaml:1:"));
}

TEST(Bounds, AFileOfMoreThanAMebibyte) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", repeat("# nothing, and much of it\n", 50'000));
  EXPECT_THAT(load_error(file), HasSubstr("1048576 bytes"));
  EXPECT_THAT(load_error("/dev/zero"), HasSubstr("cannot read /dev/zero"));
}

TEST(Bounds, DeepNesting) {
  TemporaryFolder folder;
  EXPECT_THAT(load_error(folder.write("p.yaml", "a: " + repeat("[", 200) + repeat("]", 200) + "\n")),
              HasSubstr("p.yaml:1:103: not valid YAML for a pipeline: more than 100 lists and maps within each other"));
}

TEST(Bounds, OfManyMistakesTheFirstHundredAreTold) {
  std::string text = pipeline_text();
  for (int i = 0; i < 20'000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const std::vector<std::string> errors = errors_of(text);
  ASSERT_THAT(errors, SizeIs(101));
  EXPECT_EQ(errors.back(), "and 19900 more mistakes");
}

TEST(Bounds, ALongTextIsShownInPart) {
  const std::vector<std::string> errors =
      errors_of(pipeline_text("{type: wide, channels: \"" + repeat("\xc3\xa9", 100'000) + "\"}"));
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0], HasSubstr("found the text \"" + repeat("\xc3\xa9", 50) + "...\""));
  EXPECT_LT(errors[0].size(), 300U);
}

}  // namespace
}  // namespace sshost::config
