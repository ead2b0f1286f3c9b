#include <string>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "config/option_value.h"

namespace sshost::bridge {
namespace {

using Kind = ss_options_object::Kind;

ss_options or_null(const ss_options_object* node) { return node == nullptr || node->is_null() ? nullptr : node; }

const char* kind_text(ss_options node) {
  if (node == nullptr) return "null";
  switch (node->kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a bool";
    case Kind::kInteger:
      return "an integer";
    case Kind::kDouble:
      return "a double";
    case Kind::kString:
      return "a string";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "an unknown kind";
}

ss_status refuse(ss_options node, const char* wanted) {
  return guarded([&] {
    const bool has_place = node != nullptr && !node->place.file.empty();
    const std::string place = has_place ? config::to_string(node->place) + ": " : "";
    return fail(SS_INVALID_ARGUMENT,
                place + "the component asked for " + wanted + ", the option is " + kind_text(node));
  });
}

bool is(ss_options node, Kind kind) { return node != nullptr && node->kind == kind; }

ss_options field(ss_options map, ss_string name) { return map == nullptr ? nullptr : or_null(map->find(view(name))); }

uint32_t length(ss_options node) { return node == nullptr ? 0 : static_cast<uint32_t>(node->children.size()); }

ss_options item(ss_options node, uint32_t index) {
  return index < length(node) ? or_null(&node->children[index]) : nullptr;
}

ss_string key(ss_options map, uint32_t index) {
  return map != nullptr && index < map->keys.size() ? to_ss_string(map->keys[index]) : ss_string{"", 0};
}

ss_status as_bool(ss_options node, int32_t* out) {
  if (!is(node, Kind::kBool)) return refuse(node, "a bool");
  *out = node->boolean ? 1 : 0;
  return SS_OK;
}

ss_status as_int(ss_options node, int64_t* out) {
  if (!is(node, Kind::kInteger)) return refuse(node, "an integer");
  *out = node->integer;
  return SS_OK;
}

ss_status as_double(ss_options node, double* out) {
  if (!is(node, Kind::kDouble) && !is(node, Kind::kInteger)) return refuse(node, "a double");
  *out = node->kind == Kind::kInteger ? static_cast<double>(node->integer) : node->real;
  return SS_OK;
}

ss_status as_string(ss_options node, ss_string* out) {
  if (!is(node, Kind::kString)) return refuse(node, "a string");
  *out = to_ss_string(node->text);
  return SS_OK;
}

constexpr ss_options_table kTable = {field, length, item, key, as_bool, as_int, as_double, as_string};

}  // namespace

const ss_options_table* options_table() { return &kTable; }

}  // namespace sshost::bridge
