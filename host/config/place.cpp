#include "config/place.h"

#include "config/excerpt.h"

namespace sshost::config {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kShownOfOverride = 200;

}  // namespace

const std::string& SourceName::text() const {
  static const std::string nothing;
  return text_ ? *text_ : nothing;
}

std::string to_string(const Place& place) {
  if (is_override(place)) return excerpt(place.file.text(), kShownOfOverride);
  if (place.line == 0) return place.file.text();
  return place.file.text() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

bool is_override(const Place& place) { return place.line == 0 && place.file.text().starts_with("--set "); }

fs::path absolute_path(const std::string& text, const Place& place) {
  const fs::path written(text);
  if (written.is_absolute()) return written.lexically_normal();
  const fs::path folder = is_override(place) ? fs::current_path() : fs::absolute(place.file.text()).parent_path();
  return (folder / written).lexically_normal();
}

}  // namespace sshost::config
