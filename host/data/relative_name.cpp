#include "data/relative_name.h"

#include <filesystem>

namespace sshost::data {

bool is_relative_name(std::string_view text) {
  const std::filesystem::path path(text);
  if (text.empty() || path.is_absolute() || !path.has_filename()) return false;
  for (const auto& part : path) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

}  // namespace sshost::data
