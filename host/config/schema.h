#ifndef SSHOST_CONFIG_SCHEMA_H
#define SSHOST_CONFIG_SCHEMA_H

#include <sshost/abi/options.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace sshost::config {

class Schema;

// One option of the host's own, to be put into a Schema: integer("batch_size", "8", "samples a step").at_least(1).
// The default is YAML; without one the option is `required()` or `nullable()`, or else empty text, an empty list or
// map, or a struct of its fields' defaults.
struct Option {
  ss_option_kind kind = SS_OPTION_STRING;
  std::string name;
  std::string default_value;
  std::string text;
  ss_option_shape shape = SS_OPTION_SCALAR;
  std::uint32_t flags = 0;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  std::uint32_t minimum_length = 0;
  std::shared_ptr<const Schema> fields;

  Option list(std::uint32_t at_least_length = 0) const;
  Option required() const;
  Option nullable() const;
  Option at_least(double bound) const;
  Option between(double low, double high) const;
  Option one_of(std::vector<std::string> allowed) const;
};

// Which side comes first where a size is written as a list. As a map, {height: 512, width: 1024}, it is the same for all.
enum class ListOrder { kHeightWidth, kWidthHeight };

// In the flags of an option of the host's own, beside SS_OPTION_SIZE: ListOrder::kWidthHeight.
inline constexpr std::uint32_t kWidthFirst = 1U << 31;

// Height and width in pixels, each at least 1.
Option size(std::string name, ListOrder order, std::string text);

Option boolean(std::string name, std::string default_value, std::string text);
Option integer(std::string name, std::string default_value, std::string text);
Option real(std::string name, std::string default_value, std::string text);
Option string(std::string name, std::string default_value, std::string text);
Option path(std::string name, std::string default_value, std::string text);
Option structure(std::string name, Schema fields, std::string text);

// A map that the caller of check_options reads by itself: its value is left null. SS_OPTION_STRUCT without fields.
Option opaque(std::string name, std::string default_value, std::string text);

// Owns options and presents them as the contract's schema, so that one checker serves the host and the plugins.
class Schema {
 public:
  explicit Schema(std::vector<Option> options);
  Schema(Schema&&) = default;
  Schema& operator=(Schema&&) = default;

  const ss_schema& abi() const { return schema_; }  // lives as long as this object, and stays where it is

 private:
  std::vector<Option> options_;
  std::vector<std::vector<ss_string>> choices_;
  std::vector<ss_option> abi_options_;
  std::vector<const ss_option*> pointers_;
  ss_schema schema_{};
};

// A table for people: name, type with range or choices, default, and what it means; structs with their fields below.
// Lines end with '\n'; a schema without options gives an empty string.
std::string describe(const ss_schema& schema);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_SCHEMA_H
