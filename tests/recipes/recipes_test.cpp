#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "recipes/comparison.h"
#include "recipes/pipelines.h"

namespace sshost::recipes {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMethods[] = {"fcn", "pspnet", "deeplabv3", "ocrnet", "mcibi", "mcibiplusplus"};

fs::path recipe_folder() { return fs::path(SSHOST_SOURCE_DIR) / "tests/data/recipes"; }
fs::path config_folder(const std::string& method) { return fs::path(SSHOST_SOURCE_DIR) / "configs" / method; }

std::vector<std::string> names_in(const fs::path& folder, const std::string& prefix, const std::string& extension) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == extension && name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> recipes_of(const std::string& method) {
  return names_in(recipe_folder(), method + "_", ".json");
}

std::string mistakes_of(const std::string& method, const std::string& name) {
  try {
    Comparison comparison(Recipe(recipe_folder() / (name + ".json")),
                          resolved_pipeline(config_folder(method) / (name + ".yaml")));
    compare_model(comparison);
    compare_training(comparison);
    compare_data(comparison);
    compare_evaluation(comparison);
    drop_what_has_no_meaning(comparison);
    std::string text;
    for (const std::string& line : comparison.problems()) text += "  " + line + "\n";
    return text;
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Recipes, AllHundredAndTenAreThere) {
  std::size_t count = 0;
  for (const char* method : kMethods) count += recipes_of(method).size();
  EXPECT_EQ(count, 110U);
}

class RecipesOf : public testing::TestWithParam<const char*> {};

TEST_P(RecipesOf, HaveAPipelineEachAndNoOther) {
  EXPECT_EQ(names_in(config_folder(GetParam()), "", ".yaml"), recipes_of(GetParam()));
}

TEST_P(RecipesOf, AreExpressedByTheirPipelinesToTheLastSetting) {
  for (const std::string& name : recipes_of(GetParam())) {
    const std::string mistakes = mistakes_of(GetParam(), name);
    EXPECT_TRUE(mistakes.empty()) << name << ":\n" << mistakes;
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, RecipesOf, testing::ValuesIn(kMethods),
                         [](const testing::TestParamInfo<const char*>& method) { return std::string(method.param); });

// The comparison itself: it can fail.
Comparison small_comparison() {
  return {Recipe("small", Json::parse(R"({"rate": 0.1, "sizes": [1, 2], "rules": {}, "extra": {"flag": true}})")),
          Json::parse(R"({"train": {"rate": 0.2, "sizes": [1, 2]}})")};
}

TEST(Comparison, NamesWhatDiffersAndWhatWasComparedWithNothing) {
  Comparison comparison = small_comparison();
  comparison.equal("/rate", "train.rate");
  comparison.equal("/sizes", "train.sizes");
  EXPECT_EQ(comparison.problems(),
            (std::vector<std::string>{"/rate: the recipe says 0.1, the pipeline 0.2 (train.rate)",
                                      "/extra/flag: compared with nothing", "/rules: compared with nothing"}));
}

TEST(Comparison, AsksForSettingsThatTheRecipeLeavesOut) {
  Comparison comparison = small_comparison();
  comparison.equal("/momentum", "train.momentum");
  comparison.equal_or("/decay", "train.rate", 0.3);
  const std::vector<std::string> problems = comparison.problems();
  EXPECT_EQ(problems.at(0), "/momentum: expected in the recipe, but it is not there");
  EXPECT_EQ(problems.at(1), "/decay: the recipe does not name it and means 0.3, the pipeline says 0.2 (train.rate)");
}

TEST(Comparison, TakesNumbersToTwelveDigits) {
  EXPECT_TRUE(same(Json(0.009), Json(0.009000000000000001)));
  EXPECT_TRUE(same(Json::parse("[1, 2]"), Json::parse("[1.0, 2.0]")));
  EXPECT_FALSE(same(Json(0.009), Json(0.0091)));
  EXPECT_FALSE(same(Json::parse("[1, 2]"), Json::parse("[1, 2, 3]")));
  EXPECT_FALSE(same(Json(0), Json()));
}

}  // namespace
}  // namespace sshost::recipes
