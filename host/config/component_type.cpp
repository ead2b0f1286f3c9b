#include "config/component_type.h"

namespace sshost::config {

std::optional<TypePath> split_type_path(std::string_view type) {
  const std::size_t slash = type.rfind('/');
  const std::size_t colon = type.find(':', slash == std::string_view::npos ? 0 : slash);
  const std::string_view path = type.substr(0, colon);
  if (slash == std::string_view::npos && !path.ends_with(".so")) return std::nullopt;
  const std::string_view name = colon == std::string_view::npos ? std::string_view() : type.substr(colon + 1);
  return TypePath{std::string(path), std::string(name)};
}

}  // namespace sshost::config
