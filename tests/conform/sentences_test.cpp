#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "conform/test.h"
#include "temp_folder.h"

namespace sshost::conform {
namespace {

// Words with one space between them, without the stars of comments.
std::string words_of(const std::string& text) {
  std::istringstream in(text);
  std::string line;
  for (std::string word; in >> word;) {
    if (word != "*" && word != "/*" && word != "*/" && word != "/**") line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

TEST(Sentences, StandInTheContractsHeaders) {
  for (const auto* test : all_tests()) {
    const std::filesystem::path header = std::filesystem::path(SSHOST_ABI_DIR) / test->promise.header;
    ASSERT_TRUE(std::filesystem::exists(header)) << test->name;
    EXPECT_NE(words_of(test::read_bytes(header)).find(words_of(test->promise.text)), std::string::npos)
        << test->name << ": " << test->promise.text;
  }
}

TEST(Sentences, TestsOfOneKindHaveNamesOfTheirOwn) {
  for (const char* kind : {"backbone", "head", "memory", "dataset", "transform", "loss"}) {
    std::vector<std::string> names;
    for (const auto* test : all_tests()) {
      if (test->is_for(kind)) names.emplace_back(test->name);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << kind;
    EXPECT_GT(names.size(), 4u) << kind;
  }
}

}  // namespace
}  // namespace sshost::conform
