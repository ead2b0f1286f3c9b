#include "config/phrase.h"

#include <cmath>

#include "config/nearest.h"
#include "config/scalar.h"
#include "config/schema.h"

namespace sshost::config {

namespace {

struct Words {
  const char* one;
  const char* many;
};

Words words_of(ss_option_kind kind) {
  switch (kind) {
    case SS_OPTION_BOOL:
      return {"true or false", "true or false"};
    case SS_OPTION_INT:
      return {"an integer", "integers"};
    case SS_OPTION_DOUBLE:
      return {"a number", "numbers"};
    case SS_OPTION_PATH:
      return {"a path", "paths"};
    case SS_OPTION_STRUCT:
      return {"a map", "maps"};
    default:
      return {"text", "text"};
  }
}

bool is_number(const ss_option& option) { return option.kind == SS_OPTION_INT || option.kind == SS_OPTION_DOUBLE; }

// " of at least 1", " from 0 to 1", or nothing.
std::string bounds(const ss_option& option) {
  if (!is_number(option)) return "";
  const bool low = !std::isinf(option.minimum);
  const bool high = !std::isinf(option.maximum);
  if (low && high) return " from " + format_double(option.minimum) + " to " + format_double(option.maximum);
  if (low) return " of at least " + format_double(option.minimum);
  if (high) return " of at most " + format_double(option.maximum);
  return "";
}

std::string short_bounds(const ss_option& option) {
  if (!is_number(option)) return "";
  const bool low = !std::isinf(option.minimum);
  const bool high = !std::isinf(option.maximum);
  if (low && high) return " in [" + format_double(option.minimum) + ", " + format_double(option.maximum) + "]";
  if (low) return " >= " + format_double(option.minimum);
  if (high) return " <= " + format_double(option.maximum);
  return "";
}

std::string without_article(const std::string& words) {
  if (words.starts_with("an ")) return words.substr(3);
  return words.starts_with("a ") ? words.substr(2) : words;
}

std::string alternatives(const ss_option& option) {
  std::string text;
  for (const std::string& choice : choices_of(option)) text.append(text.empty() ? "" : " | ").append(choice);
  return text;
}

// "text or ", where one value alone stands for the list of it.
std::string one_alone(const ss_option& option) {
  return has_flag(option, SS_OPTION_ONE_IS_LIST) ? std::string(words_of(option.kind).one) + " or " : "";
}

std::string many_of(const ss_option& option) {
  return has_flag(option, SS_OPTION_TEXT_IS_FIELD) ? "names or maps" : words_of(option.kind).many;
}

}  // namespace

const char* list_of_sides(const ss_option& option) {
  return has_flag(option, kWidthFirst) ? "[width, height]" : "[height, width]";
}

std::vector<std::string> names_of(const ss_schema& schema) {
  std::vector<std::string> names;
  for (const ss_option* option : options_of(schema)) names.emplace_back(view(option->name));
  return names;
}

std::vector<std::string> choices_of(const ss_option& option) {
  std::vector<std::string> choices;
  for (std::uint32_t i = 0; i < option.choice_count; ++i) choices.emplace_back(view(option.choices[i]));
  return choices;
}

std::string phrase_of_value(const ss_option& option) {
  if (option.choice_count > 0) return "one of " + join_names(choices_of(option));
  return words_of(option.kind).one + bounds(option);
}

std::string phrase_of(const ss_option& option) {
  if (option.shape == SS_OPTION_SCALAR) return phrase_of_value(option);
  if (is_size(option)) return std::string("a size, {height: ..., width: ...} or ") + list_of_sides(option);
  const std::string what = option.shape == SS_OPTION_LIST ? "a list of " : "a map to ";
  return one_alone(option) + what + many_of(option);
}

std::string type_column(const ss_option& option) {
  const char* or_null = has_flag(option, SS_OPTION_NULLABLE) ? ", or null" : "";
  if (is_size(option)) return std::string("{height, width} or ") + list_of_sides(option) + or_null;
  std::string text = option.shape == SS_OPTION_LIST ? "list of " : option.shape == SS_OPTION_MAP ? "map to " : "";
  text.insert(0, one_alone(option));
  const Words words = words_of(option.kind);
  if (option.choice_count > 0) {
    text += alternatives(option);
  } else {
    text += option.shape == SS_OPTION_SCALAR ? without_article(words.one) : many_of(option);
  }
  text += short_bounds(option);
  if (option.minimum_length > 0) text += ", at least " + std::to_string(option.minimum_length);
  return text + or_null;
}

}  // namespace sshost::config
