#include "plugin/schema_check.h"

#include <cmath>
#include <set>
#include <string_view>

#include "config/checker.h"
#include "plugin/checked_text.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

constexpr uint32_t kMostOptions = 1024;
constexpr int kDeepestGroups = 16;  // a deeper schema points back to itself

void check_level(const ss_schema* schema, const std::string& owner, int depth);

void check_choices(const ss_option& option, const std::string& what) {
  if (option.choice_count == 0) return;
  if (option.choices == nullptr) throw Refused(what + " has choices, but the pointer to them is null");
  const bool may_choose = option.kind == SS_OPTION_STRING || option.kind == SS_OPTION_INT;
  if (!may_choose) throw Refused(what + " has choices, which only a string or an integer can have");
  for (uint32_t i = 0; i < option.choice_count; ++i) checked_text(option.choices[i], "a choice of " + what);
}

void check_option(const ss_option& option, const std::string& what, int depth) {
  if (option.kind < SS_OPTION_BOOL || option.kind > SS_OPTION_STRUCT) {
    throw Refused(what + " has the unknown kind " + std::to_string(option.kind));
  }
  if (option.shape < SS_OPTION_SCALAR || option.shape > SS_OPTION_MAP) {
    throw Refused(what + " has the unknown shape " + std::to_string(option.shape));
  }
  checked_text(option.text, "the help of " + what);
  checked_text(option.default_value, "the default of " + what);
  if (std::isnan(option.minimum) || std::isnan(option.maximum) || option.minimum > option.maximum) {
    throw Refused(what + " has bounds that no number meets: from " + std::to_string(option.minimum) + " to " +
                  std::to_string(option.maximum));
  }
  check_choices(option, what);
  const bool is_size = (option.flags & SS_OPTION_SIZE) != 0;
  if (is_size && (option.kind != SS_OPTION_INT || option.shape != SS_OPTION_LIST)) {
    throw Refused(what + " is a size, which only a list of integers can be");
  }
  if (option.kind == SS_OPTION_STRUCT) check_level(option.fields, what, depth + 1);
}

void check_level(const ss_schema* schema, const std::string& owner, int depth) {
  if (depth > kDeepestGroups) throw Refused("the options of " + owner + " are nested too deeply");
  if (schema == nullptr) throw Refused("the options of " + owner + " are a null pointer");
  if (!SS_HAS(ss_schema, schema, options)) throw Refused("the options of " + owner + " have no valid size");
  if (schema->option_count > kMostOptions) {
    throw Refused(owner + " claims " + std::to_string(schema->option_count) + " options");
  }
  if (schema->option_count > 0 && schema->options == nullptr) {
    throw Refused("the options of " + owner + " are a null pointer");
  }
  std::set<std::string_view> names;
  for (uint32_t i = 0; i < schema->option_count; ++i) {
    const ss_option* option = schema->options[i];
    const std::string place = "option " + std::to_string(i) + " of " + owner;
    if (option == nullptr) throw Refused(place + " is a null pointer");
    if (!SS_HAS(ss_option, option, fields)) throw Refused(place + " has no valid size");
    const std::string_view name = checked_name(option->name, "the name of " + place);
    const std::string what = "option \"" + std::string(name) + "\" of " + owner;
    if (!names.insert(name).second) throw Refused(what + " is there twice");
    check_option(*option, what, depth);
  }
}

}  // namespace

void check_schema(const ss_schema* schema, const std::string& owner) {
  check_level(schema, owner, 0);
  const std::vector<std::string> wrong = config::wrong_defaults(*schema, owner);
  if (!wrong.empty()) throw Refused(wrong.front());
}

}  // namespace sshost::plugin
