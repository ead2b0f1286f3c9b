#ifndef SSHOST_CONFIG_OPTION_VALUE_H
#define SSHOST_CONFIG_OPTION_VALUE_H

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "config/place.h"

// A checked, complete value of a pipeline: every option of its schema is there, with the kind that the schema asks for.
// This is what the contract's `ss_options` points to (hence the global name); a node of kind kNull stands for null and
// is handed to a plugin as NULL. A size is a list of two integers in the order that its option documents, whose elements
// also have the names "height" and "width". A plain value, copied with all below it; read-only once checked.
struct ss_options_object {
  enum class Kind { kNull, kBool, kInteger, kDouble, kString, kList, kMap };

  Kind kind = Kind::kNull;
  bool boolean = false;                     // of kBool
  std::int64_t integer = 0;                 // of kInteger
  double real = 0;                          // of kDouble
  std::string text;                         // of kString; a path is absolute
  std::vector<ss_options_object> children;  // of kList and kMap
  std::vector<std::string> keys;            // of kMap (a struct or a map), and of a size; one for each child
  sshost::config::Place place;              // no line where the value is a default

  bool is_null() const { return kind == Kind::kNull; }

  // The child of that key, or nullptr where this is neither map nor size, or lacks it.
  const ss_options_object* find(std::string_view key) const;

  // The child of that key; std::out_of_range where there is none.
  const ss_options_object& at(std::string_view key) const;
  ss_options_object& at(std::string_view key);

  // Sets or appends a child of a map.
  void set(std::string_view key, ss_options_object value);
};

namespace sshost::config {

ss_options_object make_map(const Place& place = {});
ss_options_object make_list(std::vector<ss_options_object> children, const Place& place = {});
ss_options_object make_string(std::string text, const Place& place = {});
ss_options_object make_integer(std::int64_t value, const Place& place = {});
ss_options_object make_double(double value, const Place& place = {});
ss_options_object make_bool(bool value, const Place& place = {});

// Height and width in pixels.
struct Size {
  std::int64_t height = 0;
  std::int64_t width = 0;
};

// Of an option that is a size; std::out_of_range where it was not written as one, which the checker has reported.
Size size_of(const ss_options_object& value);

// "{height: 512, width: 1024}", as people are shown a size of a pipeline.
std::string to_string(const Size& size);

// Of a list; std::logic_error where an element is of another kind.
std::vector<std::int64_t> integers_of(const ss_options_object& list);
std::vector<double> doubles_of(const ss_options_object& list);
std::vector<std::string> strings_of(const ss_options_object& list);

// Block style YAML that reads back as the same value; sizes, and lists of numbers and strings, on one line.
std::string to_yaml(const ss_options_object& value);

// The same for a value below these keys ("data", "train"), to be added to a pipeline; without an end of the last line.
std::string to_yaml_below(std::initializer_list<std::string_view> keys, ss_options_object value);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_OPTION_VALUE_H
