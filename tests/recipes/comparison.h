#ifndef SSHOST_TESTS_RECIPES_COMPARISON_H
#define SSHOST_TESTS_RECIPES_COMPARISON_H

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "recipes/recipe.h"

namespace sshost::recipes {

// A recipe beside the pipeline that expresses it. Every comparison crosses off the settings that it is about.
class Comparison {
 public:
  Comparison(Recipe recipe, Json pipeline) : recipe_(std::move(recipe)), pipeline_(std::move(pipeline)) {}

  const Recipe& recipe() const { return recipe_; }

  // A value of the resolved pipeline, such as "model.auxiliary.0.channels"; null where there is none.
  Json ours(const std::string& key) const;

  // The recipe's setting has the pipeline's value.
  void equal(const std::string& path, const std::string& key);

  // The same; where the recipe does not name the setting, it means `unnamed`.
  void equal_or(const std::string& path, const std::string& key, const Json& unnamed);

  // The recipe's setting has a value that follows from the pipeline's; `from` says how.
  void follows(const std::string& path, const Json& value, const std::string& from);

  // What all recipes have in common and sshost does without being told.
  void always(const std::string& path, const Json& value, const std::string& why);

  // A setting that says nothing about the model, the training or the result.
  void without_meaning(const std::string& path, const std::string& why);

  // What differs, and what was not compared: a line each.
  std::vector<std::string> problems() const;

 private:
  void expect(const std::string& path, const Json& found, const std::string& where);

  Recipe recipe_;
  Json pipeline_;
  std::vector<std::string> differences_;
};

// Equal, with numbers to 12 digits: recipes hold products such as 0.009000000000000001.
bool same(const Json& one, const Json& other);

// Each compares one part of a recipe.
void compare_model(Comparison& comparison);
void compare_backbone(Comparison& comparison);
void compare_memory(Comparison& comparison);  // and the context within the image
void compare_training(Comparison& comparison);
void compare_data(Comparison& comparison);
void compare_evaluation(Comparison& comparison);
void drop_what_has_no_meaning(Comparison& comparison);

}  // namespace sshost::recipes

#endif  // SSHOST_TESTS_RECIPES_COMPARISON_H
