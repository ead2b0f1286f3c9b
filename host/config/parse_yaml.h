#ifndef SSHOST_CONFIG_PARSE_YAML_H
#define SSHOST_CONFIG_PARSE_YAML_H

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"

namespace sshost::config {

// The text is no YAML, or YAML of a sort that a pipeline does not use. what() has no place in it.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(Place where, const std::string& message) : std::runtime_error(message), place_(std::move(where)) {}
  const Place& place() const { return place_; }

 private:
  Place place_;
};

// Bounds of one text. No pipeline comes near, and what they keep out takes gigabytes, minutes or the stack.
inline constexpr std::size_t kLongestYaml = std::size_t{1} << 20;  // bytes
inline constexpr std::size_t kDeepestYaml = 100;                   // lists and maps within each other
inline constexpr std::size_t kLongestKey = 1000;                   // bytes

// What reading may still take, of everything that becomes one pipeline: its file, those that it extends, overrides.
struct YamlBudget {
  std::size_t nodes = 100'000;
  std::size_t bytes =
      std::size_t{16} << 20;  // of text, keys and key paths, once aliases are replaced by what they mean
};

// Reads one document; an empty text is null. `name` becomes the places' file, `path` the root's key path.
// Merge keys (`<<: *base`, or a list of maps) are resolved as YAML 1.1 says: a map's own keys go first, then the maps
// in their order; values keep the places where they were written.
// Keys that a map gives twice go to `problems`; the first one counts. Throws SyntaxError, also where a bound or the
// budget is exceeded. The budget is less by what was read.
Node parse_yaml(std::string_view text, const SourceName& name, const std::string& path, Problems& problems,
                YamlBudget& budget);

// The same with a budget of its own.
Node parse_yaml(std::string_view text, const SourceName& name, const std::string& path, Problems& problems);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PARSE_YAML_H
