#include "config/place.h"

namespace sshost::config {

namespace fs = std::filesystem;

std::string to_string(const Place& place) {
  if (place.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

bool is_override(const Place& place) { return place.line == 0 && place.file.starts_with("--set "); }

fs::path absolute_path(const std::string& text, const Place& place) {
  const fs::path written(text);
  if (written.is_absolute()) return written.lexically_normal();
  const fs::path folder = is_override(place) ? fs::current_path() : fs::absolute(place.file).parent_path();
  return (folder / written).lexically_normal();
}

}  // namespace sshost::config
