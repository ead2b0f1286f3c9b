#include "config/yaml_source.h"

#include <algorithm>

namespace sshost::config {

namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr std::size_t kLongestLine = 1000;  // a longer one was written by no person, who could be helped

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

std::string_view without_leading_space(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// "#ff0000" of "#ff0000 and more"; empty for a "# comment".
std::string comment_word(std::string_view text) {
  if (!text.starts_with('#')) return {};
  const std::string_view word = text.substr(0, text.find_first_of(kSpace));
  return word.find_first_not_of('#') == std::string_view::npos ? std::string() : std::string(word);
}

// Behind the quoted text that begins at `at`; the end where it goes on in the next line.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

// Behind the bracket that closes the one at `at`; npos where it is not on the line.
std::size_t end_of_brackets(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\'') {
      i = end_of_quoted(text, i) - 1;
    } else if (text[i] == '{' || text[i] == '[') {
      ++depth;
    } else if ((text[i] == '}' || text[i] == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// What is wrong with the value that begins at `at`; empty where nothing is.
std::string advice_on(std::string_view text, std::size_t at) {
  const char first = text[at];
  const std::string quote = "; put a text that begins so in quotes";
  if (first == '{' || first == '[') {
    const std::size_t end = end_of_brackets(text, at);
    const bool goes_on = end < text.size() && !is_space(text[end]) &&
                         std::string_view(",}]:#").find(text[end]) == std::string_view::npos;
    const std::string what = first == '{' ? "\"{\" begins a map" : "\"[\" begins a list";
    return goes_on ? what + ", and text follows its end" + quote : "";
  }
  const char second = at + 1 < text.size() ? text[at + 1] : ' ';
  if (first == '*' && (second == '.' || second == '/' || second == '*')) return "\"*\" begins an alias" + quote;
  if (first == '%' || first == '@' || first == '`') {
    return std::string("YAML keeps \"") + first + "\" at the beginning of a value for itself" + quote;
  }
  if (first == '#' && !comment_word(text.substr(at)).empty()) return "\"#\" begins a comment" + quote;
  return {};
}

// Whether a value may begin behind the character at `i`, which is followed by space or not.
bool precedes_value(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '{' || c == '[' || c == ',') return true;
  return (c == ':' || c == '-') && i + 1 < text.size() && is_space(text[i + 1]);
}

}  // namespace

YamlSource::YamlSource(std::string_view text) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines_.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines_.push_back(text);
}

std::string_view YamlSource::line(int number) const {
  const bool is_there = number >= 1 && static_cast<std::size_t>(number) <= lines_.size();
  return is_there ? lines_[static_cast<std::size_t>(number) - 1] : std::string_view();
}

bool YamlSource::has_null_at(int number, int column) const {
  const std::string_view text = line(number);
  if (column < 1 || static_cast<std::size_t>(column) > text.size()) return false;
  const std::string_view rest = text.substr(static_cast<std::size_t>(column) - 1);
  return rest.starts_with('~') || rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL");
}

std::string YamlSource::comment_behind_key(int number, int column, std::string_view key) const {
  const std::string_view text = line(number);
  const std::size_t begin = static_cast<std::size_t>(column) - 1 + key.size();
  if (column < 1 || begin >= text.size()) return {};
  std::string_view rest = text.substr(begin);
  if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);  // behind a quoted key
  rest = without_leading_space(rest);
  if (!rest.starts_with(':')) return {};
  return comment_word(without_leading_space(rest.substr(1)));
}

std::string YamlSource::comment_of_item_above(int number) const {
  for (int above = number - 1; above >= 1; --above) {
    const std::string_view text = without_leading_space(line(above));
    if (text.empty() || text.starts_with('#')) continue;
    return text.starts_with("- ") ? comment_word(without_leading_space(text.substr(2))) : std::string();
  }
  return {};
}

std::optional<YamlSource::Tab> YamlSource::find_tab(int last_line) const {
  for (int number = 1; number <= std::min<int>(last_line, static_cast<int>(lines_.size())); ++number) {
    const std::string_view text = line(number);
    const std::size_t end = text.find_first_not_of(kSpace);
    const std::size_t tab = text.find('\t');
    if (end != std::string_view::npos && tab < end) return Tab{number, static_cast<int>(tab) + 1};
  }
  return std::nullopt;
}

std::optional<YamlSource::Unquoted> YamlSource::find_unquoted(int last_line) const {
  std::optional<Unquoted> last;
  for (int number = 1; number <= std::min<int>(last_line, static_cast<int>(lines_.size())); ++number) {
    const std::string_view text = line(number);
    if (text.size() > kLongestLine) continue;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '#' && (i == 0 || is_space(text[i - 1]))) break;  // a comment
      if (text[i] == '"' || text[i] == '\'') i = end_of_quoted(text, i) - 1;
      if (!precedes_value(text, i)) continue;
      const std::size_t value = text.find_first_not_of(kSpace, i + 1);
      if (value == std::string_view::npos) break;
      const std::string advice = advice_on(text, value);
      if (!advice.empty()) last = Unquoted{number, static_cast<int>(value) + 1, advice};
    }
  }
  return last;
}

}  // namespace sshost::config
