#ifndef SSHOST_CONFIG_PARSE_YAML_H
#define SSHOST_CONFIG_PARSE_YAML_H

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

// Reads one document; an empty text is null. `name` becomes the places' file, `path` the root's key path.
// Keys that a map gives twice go to `problems`; the first one counts. Throws SyntaxError.
Node parse_yaml(std::string_view text, const std::string& name, const std::string& path, Problems& problems);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PARSE_YAML_H
