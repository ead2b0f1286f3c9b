#ifndef SSHOST_CONFIG_NEAREST_H
#define SSHOST_CONFIG_NEAREST_H

#include <span>
#include <string>
#include <string_view>

namespace sshost::config {

// How many letters are inserted, left out, replaced or swapped with their neighbour to get from one word to the other
// (optimal string alignment).
int edit_distance(std::string_view from, std::string_view to);

// The name that was probably meant by `word`, or an empty string where none is near enough. Of several that are as near
// the one that begins as the word does the longest: nobody mistypes the first letter.
std::string nearest_name(std::string_view word, std::span<const std::string> names);

// ` (did you mean "dilations"?)`, or an empty string.
std::string suggestion(std::string_view word, std::span<const std::string> names);

// "a, b, c"
std::string join_names(std::span<const std::string> names);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_NEAREST_H
