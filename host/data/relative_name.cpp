#include "data/relative_name.h"

#include <filesystem>

#include "base/utf8.h"

namespace sshost::data {

bool is_relative_name(std::string_view text) {
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return false;
  const std::filesystem::path path(text);
  if (text.empty() || path.is_absolute() || !path.has_filename()) return false;
  for (const auto& part : path) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

}  // namespace sshost::data
