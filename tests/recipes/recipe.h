#ifndef SSHOST_TESTS_RECIPES_RECIPE_H
#define SSHOST_TESTS_RECIPES_RECIPE_H

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace sshost::recipes {

using Json = nlohmann::json;

// A published recipe, whose settings are crossed off as they are compared. A setting is a leaf of the document; an
// empty list or map is one too. Paths are JSON pointers: "/scheduler/optimizer/lr".
class Recipe {
 public:
  explicit Recipe(const std::filesystem::path& file);
  Recipe(std::string name, Json document);

  const std::string& name() const { return name_; }

  bool has(const std::string& path) const;

  // What stands there, null where nothing does; crosses nothing off.
  Json look(const std::string& path) const;

  // The same, and crosses off all settings at and below the path.
  Json take(const std::string& path);

  // The settings that nobody has taken.
  std::vector<std::string> left() const { return {left_.begin(), left_.end()}; }

 private:
  std::string name_;
  Json document_;
  std::set<std::string> left_;
};

}  // namespace sshost::recipes

#endif  // SSHOST_TESTS_RECIPES_RECIPE_H
