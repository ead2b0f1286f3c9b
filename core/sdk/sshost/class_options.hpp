// Classes that a pipeline gives: `classes: [background, {name: person, color: "#c00000"}]`.
//
//   {"classes", &MyOptions::classes, "in the order of their numbers", ss::text_is_first_field()}
#ifndef SSHOST_CLASS_OPTIONS_HPP
#define SSHOST_CLASS_OPTIONS_HPP

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "palette.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct ClassOptions {
  std::string name;
  std::optional<std::string> color;
  std::optional<std::string> mirrored;

  static Schema<ClassOptions> schema() {
    return {
        {"name", &ClassOptions::name, "what it is called", required()},
        {"color", &ClassOptions::color, "in predictions, as \"#rrggbb\"; null: one is chosen, black for a background"},
        {"mirrored", &ClassOptions::mirrored,
         "name of the class that a flipped image shows instead (left and right arm)"}};
  }
};

// "#804080"; throws for other texts.
inline Color parse_color(const std::string& text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const bool shape = text.size() == 7 && text.front() == '#';
  if (!shape || std::from_chars(text.data() + 1, end, value, 16).ptr != end) {
    throw Error("color \"" + text + "\": expected \"#rrggbb\", such as \"#804080\"");
  }
  return {static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}

namespace detail {

inline std::size_t class_named(const std::vector<ClassOptions>& classes, const std::string& name) {
  const auto found = std::find_if(classes.begin(), classes.end(), [&](const auto& each) { return each.name == name; });
  if (found == classes.end()) throw Error("mirrored: there is no class \"" + name + "\"");
  return static_cast<std::size_t>(found - classes.begin());
}

}  // namespace detail

// With a class of this name first, in black, unless one of them has it already.
inline std::vector<ClassOptions> behind(const std::string& background, std::vector<ClassOptions> classes) {
  const bool is_named =
      std::any_of(classes.begin(), classes.end(), [&](const ClassOptions& each) { return each.name == background; });
  if (!is_named) classes.insert(classes.begin(), {background, "#000000", {}});
  return classes;
}

// Those without a color of their own get one. Throws for colors that are none, and pairs of which one is missing.
inline std::vector<ClassInfo> make_classes(const std::vector<ClassOptions>& options) {
  std::vector<ClassInfo> classes;
  for (std::size_t index = 0; index < options.size(); ++index) {
    const ClassOptions& from = options[index];
    const Color chosen = is_background(from.name) ? Color{} : own_color(index);
    classes.push_back({from.name, from.color ? parse_color(*from.color) : chosen, {}});
  }
  for (std::size_t index = 0; index < options.size(); ++index) {
    if (!options[index].mirrored) continue;
    const std::size_t other = detail::class_named(options, *options[index].mirrored);
    classes[index].mirrored = static_cast<int32_t>(other);
    classes[other].mirrored = static_cast<int32_t>(index);
  }
  return classes;
}

}  // namespace v1
}  // namespace ss

#endif
