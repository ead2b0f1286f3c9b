#include "recipes/recipe.h"

#include <fstream>
#include <utility>

namespace sshost::recipes {

Recipe::Recipe(const std::filesystem::path& file)
    : Recipe(file.stem().string(), [&file] {
        std::ifstream stream(file);
        return Json::parse(stream);
      }()) {}

Recipe::Recipe(std::string name, Json document) : name_(std::move(name)), document_(std::move(document)) {
  const Json settings = document_.flatten();
  for (const auto& [path, value] : settings.items()) left_.insert(path);
}

bool Recipe::has(const std::string& path) const { return document_.contains(Json::json_pointer(path)); }

Json Recipe::look(const std::string& path) const { return has(path) ? document_.at(Json::json_pointer(path)) : Json(); }

Json Recipe::take(const std::string& path) {
  std::erase_if(left_,
                [&path](const std::string& setting) { return setting == path || setting.starts_with(path + "/"); });
  return look(path);
}

}  // namespace sshost::recipes
