#include "file/path_pattern.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/lower_case.h"
#include "base/status_error.h"
#include "file/find_files.h"

namespace sshost::file {

namespace {

constexpr size_t kMostPatterns = 1000;

// Where the ending begins in a pattern's last part; its size where the ending is left open.
size_t ending_of(std::string_view pattern) {
  const size_t dot = pattern.rfind('.');
  return dot == std::string_view::npos || pattern.find('*', dot) != std::string_view::npos ? pattern.size() : dot;
}

std::vector<std::string> alternatives(std::string_view inside) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= inside.size();) {
    const size_t comma = std::min(inside.find(',', begin), inside.size());
    parts.emplace_back(inside.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return parts;
}

// What is left of a pattern and of a text is compared once, however many ways lead there.
class StarMatch {
 public:
  StarMatch(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  // What the stars stand for, behind these places.
  std::optional<std::string> from(size_t in_pattern, size_t in_text) {
    if (failed_.contains({in_pattern, in_text})) return std::nullopt;
    auto found = try_from(pattern_.substr(in_pattern), text_.substr(in_text));
    if (!found) failed_.emplace(in_pattern, in_text);
    return found;
  }

 private:
  std::optional<std::string> try_from(std::string_view pattern, std::string_view text) {
    const size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text ? std::optional<std::string>("") : std::nullopt;
    if (text.substr(0, star) != pattern.substr(0, star)) return std::nullopt;
    const std::string_view rest = text.substr(star);
    for (size_t taken = rest.size() + 1; taken-- > 0;) {
      const size_t in_pattern = pattern_.size() - pattern.size() + star + 1;
      if (const auto behind = from(in_pattern, text_.size() - rest.size() + taken)) {
        return "/" + std::string(rest.substr(0, taken)) + *behind;
      }
    }
    return std::nullopt;
  }

  std::string_view pattern_, text_;
  std::set<std::pair<size_t, size_t>> failed_;
};

}  // namespace

std::vector<std::string> expand_braces(const std::string& pattern) {
  const size_t open = pattern.find('{');
  if (open == std::string::npos) return {pattern};
  const size_t close = pattern.find('}', open);
  const std::string inside = close == std::string::npos ? "" : pattern.substr(open + 1, close - open - 1);
  if (inside.find(',') == std::string::npos || inside.find('{') != std::string::npos) {
    throw StatusError(SS_INVALID_ARGUMENT, "pattern \"" + pattern + "\": expected texts with commas between them in {" +
                                               inside + "}, such as {jpg,png}, or the word split");
  }
  std::vector<std::string> expanded;
  for (const std::string& each : alternatives(inside)) {
    for (std::string& one : expand_braces(pattern.substr(0, open) + each + pattern.substr(close + 1))) {
      expanded.push_back(std::move(one));
      if (expanded.size() <= kMostPatterns) continue;
      throw StatusError(SS_INVALID_ARGUMENT, "its braces make more than " + std::to_string(kMostPatterns) +
                                                 " patterns of \"" + pattern + "\"");
    }
  }
  return expanded;
}

std::optional<std::string> match_stars(std::string_view pattern, std::string_view text) {
  return StarMatch(pattern, text).from(0, 0);
}

std::optional<std::string> match_file_name(std::string_view pattern, const std::string& name) {
  const size_t ending = ending_of(pattern);
  if (ending < pattern.size()) {
    const size_t dot = std::min(name.rfind('.'), name.size());
    if (lower_case(name.substr(dot)) != lower_case(pattern.substr(ending))) return std::nullopt;
    return match_stars(pattern.substr(0, ending), std::string_view(name).substr(0, dot));
  }
  if (pattern.find('*') == std::string_view::npos) return match_stars(pattern, name);
  if (!names_an_image(name)) return std::nullopt;
  const std::string_view open = pattern.ends_with(".*") ? pattern.substr(0, pattern.size() - 2) : pattern;
  return match_stars(open, std::string_view(name).substr(0, name.rfind('.')));
}

}  // namespace sshost::file
