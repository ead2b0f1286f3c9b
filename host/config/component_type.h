#ifndef SSHOST_CONFIG_COMPONENT_TYPE_H
#define SSHOST_CONFIG_COMPONENT_TYPE_H

#include <optional>
#include <string>
#include <string_view>

namespace sshost::config {

// A component's `type` that names a library: "./my_head.so", or "./my_head.so:psp" where it holds several.
struct TypePath {
  std::string path;
  std::string name;  // empty: the library's only component of the kind
};

// Splits a `type`; returns nullopt if it is a plain name. A type that has a slash in it or ends in ".so" is a path.
std::optional<TypePath> split_type_path(std::string_view type);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_COMPONENT_TYPE_H
