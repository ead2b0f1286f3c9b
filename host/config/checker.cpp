#include "config/checker.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "config/excerpt.h"
#include "config/nearest.h"
#include "config/parse_yaml.h"
#include "config/phrase.h"
#include "config/scalar.h"
#include "config/schema.h"

namespace sshost::config {

namespace {

using Value = ss_options_object;

constexpr int kDeepest = 32;  // a plugin's schema may contain itself
constexpr std::size_t kShownOfText = 100;

bool given_on_command_line(const Node& node) {
  return is_override(node.place) || std::any_of(node.items.begin(), node.items.end(), given_on_command_line) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [](const Node::Entry& entry) { return given_on_command_line(entry.value); });
}

// An option that a base file gave to another type.
bool may_be_dropped(const Node& node) { return !node.written_for.empty() && !given_on_command_line(node); }

// What a shell would put in the place of "~/data" and "$DATA/x" is not there by itself; empty where it is there.
std::string advice_on_path(const std::string& written, const std::filesystem::path& path) {
  const bool is_home = written == "~" || written.starts_with("~/");
  const std::size_t dollar = written.find('$');
  const bool is_variable = dollar != std::string::npos && dollar + 1 < written.size() &&
                           (std::isalpha(static_cast<unsigned char>(written[dollar + 1])) != 0 ||
                            written[dollar + 1] == '_' || written[dollar + 1] == '{');
  std::error_code unknown;
  if ((!is_home && !is_variable) || std::filesystem::exists(path, unknown)) return "";
  return std::string("; \"") + (is_home ? "~" : written.substr(dollar).substr(0, written.find('/', dollar) - dollar)) +
         "\" is a shell's: write out what it stands for";
}

bool is_text(const Node& node) { return node.is_scalar() && (node.quoted || is_plain_text(node.scalar)); }

class Checker {
 public:
  // Defaults that do not fit go to `of_defaults`, all else to `problems`.
  Checker(std::string_view owner, Problems& problems, Problems& of_defaults)
      : owner_(owner), problems_(&problems), of_defaults_(&of_defaults) {}
  Checker(std::string_view owner, Problems& problems) : Checker(owner, problems, problems) {}

  // The value of a map with the options of `schema`; a null node gives all defaults.
  Value fields(const Node& node, const ss_schema& schema, std::string_view owner,
               std::span<const std::string> host_keys) {
    Value map = make_map(node.place);
    if (++depth_ > kDeepest) {
      problems_->error(node.place, node.key_path, "the options of " + owner_ + " are nested too deeply");
    } else {
      report_unknown(node, schema, owner, host_keys);
      for (const ss_option* option : options_of(schema)) map.set(view(option->name), field(node, *option, owner));
    }
    --depth_;
    return map;
  }

  void report_dropped(const Node& node) {
    if (dropped_.empty()) return;
    problems_->notice(node.key_path + ": dropped " + join_names(dropped_) + ", written for " + written_for_ + ": " +
                      owner_ + " does not take " + (dropped_.size() == 1 ? "it" : "them"));
  }

 private:
  void drop(const Node& map, const Node& value) {
    const std::size_t prefix = map.key_path.empty() ? 0 : map.key_path.size() + 1;
    dropped_.push_back(value.key_path.substr(prefix));
    written_for_ = value.written_for;
  }

  void report_unknown(const Node& node, const ss_schema& schema, std::string_view owner,
                      std::span<const std::string> host_keys) {
    const std::vector<std::string> names = names_of(schema);
    std::vector<std::string> meant = names;
    meant.insert(meant.end(), host_keys.begin(), host_keys.end());
    for (const Node::Entry& entry : node.entries) {
      if (std::find(meant.begin(), meant.end(), entry.key) != meant.end()) continue;
      if (may_be_dropped(entry.value)) {
        drop(node, entry.value);
        continue;
      }
      const std::string has = names.empty() ? " has no options" : " has: " + join_names(names);
      problems_->error(entry.place, entry.value.key_path,
                       "unknown option; " + std::string(owner) + has + suggestion(entry.key, meant));
    }
  }

  Value field(const Node& map, const ss_option& option, std::string_view owner) {
    const Node* node = map.find(view(option.name));
    if (node && may_be_dropped(*node)) {
      Value value;
      if (fits(*node, option, value)) return value;
      drop(map, *node);
      node = nullptr;
    }
    if (node) return checked(*node, option);
    if (has_flag(option, SS_OPTION_REQUIRED)) {
      std::string message = std::string(owner) + " needs this option";
      if (option.text.size > 0) message.append(": ").append(view(option.text));
      problems_->error(map.place, join_path(map.key_path, view(option.name)), message);
      return fallback(option, map.place);
    }
    return default_of(option, map);
  }

  // Checks without reporting.
  bool fits(const Node& node, const ss_option& option, Value& value) {
    Problems apart;
    Problems* const outer = std::exchange(problems_, &apart);
    value = checked(node, option);
    problems_ = outer;
    return !apart.any();
  }

  Value checked(const Node& node, const ss_option& option) {
    if (node.is_null()) {
      const bool may_be_null =
          has_flag(option, SS_OPTION_NULLABLE) && !(is_text_kind(option) && is_color(node.comment));
      if (!may_be_null) return wrong_whole(node, option);
      Value null;
      null.place = node.place;
      return null;
    }
    if (is_size(option)) return size(node, option);
    if (option.shape == SS_OPTION_LIST) return list(node, option);
    if (option.shape == SS_OPTION_MAP) return map(node, option);
    return one(node, option);
  }

  Value list(const Node& node, const ss_option& option) {
    const bool stands_for_list = has_flag(option, SS_OPTION_ONE_IS_LIST) && node.is_scalar();
    if (stands_for_list) return make_list({one(node, option)}, node.place);
    if (!node.is_list()) return wrong_whole(node, option);
    check_length(node, option, node.items.size(), "elements");
    std::vector<Value> items;
    for (const Node& item : node.items) items.push_back(one(item, option));
    return make_list(std::move(items), node.place);
  }

  // A list whose elements have names, in the order of the option, however it was written.
  Value size(const Node& node, const ss_option& option) {
    if (!node.is_list() && !node.is_map()) return wrong_whole(node, option);
    const std::vector<std::string> sides = sides_of(option);
    const bool has_both = node.is_list() ? check_sides(node, option) : check_sides(node, sides);
    Value size = make_list({}, node.place);
    if (!has_both) return size;
    for (std::size_t i = 0; i < sides.size(); ++i) {
      size.set(sides[i], one(node.is_list() ? node.items[i] : *node.find(sides[i]), option));
    }
    return size;
  }

  static std::vector<std::string> sides_of(const ss_option& option) {
    if (has_flag(option, kWidthFirst)) return {"width", "height"};
    return {"height", "width"};
  }

  bool check_sides(const Node& list, const ss_option& option) {
    if (list.items.size() == 2) return true;
    problems_->error(list.place, list.key_path,
                     std::string("expected ") + list_of_sides(option) + ", found a list of " +
                         std::to_string(list.items.size()) + (list.items.size() == 1 ? " element" : " elements") +
                         "; {height: ..., width: ...} is the same");
    return false;
  }

  bool check_sides(const Node& map, const std::vector<std::string>& sides) {
    const std::size_t before = problems_->count();
    for (const Node::Entry& entry : map.entries) {
      if (std::find(sides.begin(), sides.end(), entry.key) != sides.end()) continue;
      problems_->error(entry.place, entry.value.key_path,
                       "unknown option; a size has: height, width" + suggestion(entry.key, sides));
    }
    for (const std::string& side : sides) {
      if (!map.find(side)) problems_->error(map.place, join_path(map.key_path, side), "a size needs this, in pixels");
    }
    return problems_->count() == before;
  }

  Value map(const Node& node, const ss_option& option) {
    if (!node.is_map()) return wrong_whole(node, option);
    check_length(node, option, node.entries.size(), "entries");
    Value result = make_map(node.place);
    for (const Node::Entry& entry : node.entries) result.set(entry.key, one(entry.value, option));
    return result;
  }

  static bool is_text_kind(const ss_option& option) {
    return option.kind == SS_OPTION_STRING || option.kind == SS_OPTION_PATH;
  }

  // "#ff0000" without quotes is a comment, whatever was meant.
  static bool is_color(const std::string& comment) {
    const bool length = comment.size() == 4 || comment.size() == 7 || comment.size() == 9;
    return length && comment.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
  }

  void check_length(const Node& node, const ss_option& option, std::size_t length, const std::string& what) {
    if (length >= option.minimum_length) return;
    problems_->error(node.place, node.key_path,
                     "expected at least " + std::to_string(option.minimum_length) + " " + what + ", found " +
                         std::to_string(length));
  }

  // One value, whatever the option's shape.
  Value one(const Node& node, const ss_option& option) {
    switch (option.kind) {
      case SS_OPTION_BOOL:
        return boolean(node, option);
      case SS_OPTION_INT:
        return integer(node, option);
      case SS_OPTION_DOUBLE:
        return real(node, option);
      case SS_OPTION_STRING:
      case SS_OPTION_PATH:
        return text(node, option);
      case SS_OPTION_STRUCT:
        return structure(node, option);
      default:
        problems_->error(node.place, node.key_path, owner_ + " declares an option of an unknown kind");
        return {};
    }
  }

  Value boolean(const Node& node, const ss_option& option) {
    const auto value = node.is_scalar() && !node.quoted ? parse_bool(node.scalar) : std::nullopt;
    return value ? make_bool(*value, node.place) : wrong(node, option);
  }

  Value integer(const Node& node, const ss_option& option) {
    const auto value = node.is_scalar() && !node.quoted ? parse_integer(node.scalar) : std::nullopt;
    if (!value || !in_range(static_cast<double>(*value), option)) return wrong(node, option);
    const std::vector<std::string> choices = choices_of(option);
    if (!choices.empty() && std::find(choices.begin(), choices.end(), std::to_string(*value)) == choices.end()) {
      return wrong(node, option);
    }
    return make_integer(*value, node.place);
  }

  Value real(const Node& node, const ss_option& option) {
    const auto value = node.is_scalar() && !node.quoted ? parse_double(node.scalar) : std::nullopt;
    if (!value || !in_range(*value, option)) return wrong(node, option);
    return make_double(*value, node.place);
  }

  static bool in_range(double value, const ss_option& option) {
    return std::isfinite(value) && value >= option.minimum && value <= option.maximum;
  }

  // A shell takes the quotes off that are typed on its command line.
  static std::string how_to_quote(const Node& node) {
    const std::string quoted = "\"" + excerpt(node.scalar, kShownOfText) + "\"";
    return "; quote it if it is meant as text: " +
           (is_override(node.place) ? "'" + node.key_path + "=" + quoted + "'" : quoted);
  }

  Value text(const Node& node, const ss_option& option) {
    if (!is_text(node)) {
      const bool quotable = node.is_scalar() && option.choice_count == 0;
      return wrong(node, option, quotable ? how_to_quote(node) : "");
    }
    const std::vector<std::string> choices = choices_of(option);
    if (!choices.empty() && std::find(choices.begin(), choices.end(), node.scalar) == choices.end()) {
      return wrong(node, option, suggestion(node.scalar, choices));
    }
    if (option.kind != SS_OPTION_PATH || node.scalar.empty()) return make_string(node.scalar, node.place);
    const std::filesystem::path path = absolute_path(node.scalar, node.place);
    const std::string advice = advice_on_path(node.scalar, path);
    if (!advice.empty()) return wrong(node, option, advice);
    return make_string(path.string(), node.place);
  }

  Value structure(const Node& node, const ss_option& option) {
    const bool has_field = option.fields && option.fields->option_count > 0;
    if (node.is_scalar() && has_field && has_flag(option, SS_OPTION_TEXT_IS_FIELD)) {
      const std::string first(view(option.fields->options[0]->name));
      return fields(map_of(first, node), *option.fields, view(option.name), {});
    }
    if (!node.is_map()) {
      const bool may_be_text = node.is_null() && has_field && has_flag(option, SS_OPTION_TEXT_IS_FIELD);
      return wrong(
          node, option,
          may_be_text ? "; null and ~ without quotes are nothing in YAML: quote it if it is meant as text" : "");
    }
    if (!option.fields) return {};  // read by the caller
    return fields(node, *option.fields, view(option.name), {});
  }

  Value wrong_whole(const Node& node, const ss_option& option) {
    const bool one_of_none = is_override(node.place) && node.is_map();  // key.0.name=value, and the file has no list
    problems_->error(node.place, node.key_path,
                     "expected " + phrase_of(option) + ", found " + name_of(node) +
                         (one_of_none ? "; give the whole list, which is not in the file" : ""));
    return fallback(option, node.place);
  }

  Value wrong(const Node& node, const ss_option& option, const std::string& advice = "") {
    const char* found = option.choice_count > 0 ? "; found " : ", found ";
    problems_->error(node.place, node.key_path, "expected " + phrase_of_value(option) + found + name_of(node) + advice);
    return fallback_of_value(option, node.place);
  }

  Value default_of(const ss_option& option, const Node& map) {
    const Place place{map.place.file, 0, 0};
    const std::string path = join_path(map.key_path, view(option.name));
    if (option.default_value.size == 0) return implied_default(option, place, path, map.place);
    Value value;
    try {
      Problems doubles;
      Node node = parse_yaml(view(option.default_value), place.file, path, doubles);
      clear_lines(node);
      if (fits(node, option, value) && !doubles.any()) return value;
    } catch (const SyntaxError&) {
      value = fallback(option, place);
    }
    report_default(option, path, map.place);
    return value;
  }

  Value implied_default(const ss_option& option, const Place& place, const std::string& path,
                        const Place& owner_place) {
    if (has_flag(option, SS_OPTION_NULLABLE)) return {};
    const bool has_empty = option.shape != SS_OPTION_SCALAR || is_text_kind(option) || option.kind == SS_OPTION_STRUCT;
    if (!has_empty) report_default(option, path, owner_place);
    if (option.shape != SS_OPTION_SCALAR || option.kind != SS_OPTION_STRUCT || !option.fields) {
      return fallback(option, place);
    }
    Node nothing;
    nothing.place = owner_place;
    nothing.key_path = path;
    return fields(nothing, *option.fields, view(option.name), {});
  }

  void report_default(const ss_option& option, const std::string& path, const Place& place) {
    of_defaults_->error(place, path,
                        owner_ + " declares the default \"" + std::string(view(option.default_value)) +
                            "\", which is not " + phrase_of(option) +
                            " that it allows: this is a mistake of the plugin");
  }

  static void clear_lines(Node& node) {
    node.place.line = node.place.column = 0;
    for (Node& item : node.items) clear_lines(item);
    for (Node::Entry& entry : node.entries) clear_lines(entry.value);
  }

  // Something of the right kind, so that the reader can go on after an error.
  Value fallback(const ss_option& option, const Place& place) {
    if (option.shape == SS_OPTION_LIST) return make_list({}, place);
    if (option.shape == SS_OPTION_MAP) return make_map(place);
    return has_flag(option, SS_OPTION_NULLABLE) ? Value{} : fallback_of_value(option, place);
  }

  Value fallback_of_value(const ss_option& option, const Place& place) {
    if (option.kind == SS_OPTION_BOOL) return make_bool(false, place);
    if (option.kind == SS_OPTION_INT) return make_integer(0, place);
    if (option.kind == SS_OPTION_DOUBLE) return make_double(0, place);
    if (is_text_kind(option)) return make_string("", place);
    if (!option.fields) return {};
    Problems ignored;
    Problems* const outer = std::exchange(problems_, &ignored);
    Problems* const outer_defaults = std::exchange(of_defaults_, &ignored);
    Node nothing;
    nothing.place = place;
    Value value = fields(nothing, *option.fields, view(option.name), {});
    problems_ = outer;
    of_defaults_ = outer_defaults;
    return value;
  }

  std::string owner_;
  Problems* problems_;
  Problems* of_defaults_;
  std::vector<std::string> dropped_;
  std::string written_for_;
  int depth_ = 0;
};

}  // namespace

Value check_options(const Node& node, const ss_schema* schema, std::string_view owner,
                    std::span<const std::string> host_keys, Problems& problems) {
  const ss_schema none{sizeof(ss_schema), 0, nullptr};
  if (!node.is_map() && !node.is_null()) {
    problems.error(node.place, node.key_path,
                   "expected a map with the options of " + std::string(owner) + ", found " + name_of(node));
    Problems ignored;
    return Checker(owner, ignored).fields(Node{}, schema ? *schema : none, owner, host_keys);
  }
  Checker checker(owner, problems);
  Value value = checker.fields(node, schema ? *schema : none, owner, host_keys);
  checker.report_dropped(node);
  return value;
}

std::vector<std::string> wrong_defaults(const ss_schema& schema, std::string_view owner) {
  Problems others, of_defaults;  // an option that is required is missing here
  Checker(owner, others, of_defaults).fields(Node{}, schema, owner, {});
  std::vector<std::string> lines;
  for (const Problem& problem : of_defaults.sorted()) {
    lines.push_back("option \"" + problem.key_path + "\": " + problem.message);
  }
  return lines;
}

}  // namespace sshost::config
