// The operators that the SDK's functions name, against the LibTorch of this build.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "bridge/tables.h"

namespace sshost::test {
namespace {

std::set<std::string> operators_of_the_sdk() {
  std::set<std::string> names;
  const std::regex call("call(?:_list)?<\"(aten::[^\"]+)\">");
  for (const auto& entry : std::filesystem::directory_iterator(SSHOST_SOURCE_DIR "/core/sdk/sshost/ops")) {
    std::ifstream file(entry.path());
    const std::string source(std::istreambuf_iterator<char>(file), {});
    for (std::sregex_iterator match(source.begin(), source.end(), call), end; match != end; ++match) {
      names.insert((*match)[1]);
    }
  }
  return names;
}

TEST(SdkOperators, AllExist) {
  const std::set<std::string> names = operators_of_the_sdk();
  EXPECT_GT(names.size(), 100u);
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (!bridge::has_operator(name)) missing.push_back(name);
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

}  // namespace
}  // namespace sshost::test
