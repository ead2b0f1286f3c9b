// How each C++ type of an option is described to the host, written as YAML and read back.
#ifndef SSHOST_DETAIL_OPTION_TYPES_HPP
#define SSHOST_DETAIL_OPTION_TYPES_HPP

#include <sshost/abi/options.h>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../host.hpp"
#include "../size.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// A file or folder. In the pipeline it is relative to the YAML file that holds it; here it is absolute.
struct Path {
  std::string value;
};

template <class T>
class Schema;

namespace detail {

inline const ss_options_table& options_api() { return capability<SS_OPTIONS_1, ss_options_table>(); }

inline ss_options field(ss_options map, std::string_view name) { return options_api().field(map, to_abi(name)); }

// Puts the option's name before the message of what goes wrong in `body`.
template <class Body>
void named(const std::string& name, Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    throw Error("option " + name + ": " + error.what(), error.status());
  }
}

// The schema of a struct that has a `static schema()`. Lives as long as the library, as the descriptor requires.
template <class T>
const Schema<T>& schema_of() {
  static const Schema<T> schema = T::schema();
  return schema;
}

// Double-quoted YAML, in which only these characters need an escape.
inline std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result + '"';
}

inline std::string render_double(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return {buffer, end};
}

// False for what cannot be an item of a list or map: the contract describes one level.
template <class V>
inline constexpr bool is_item = true;
template <class V>
inline constexpr bool is_item<std::optional<V>> = false;
template <>
inline constexpr bool is_item<Size> = false;
template <class V>
inline constexpr bool is_item<std::vector<V>> = false;
template <class V>
inline constexpr bool is_item<std::map<std::string, V>> = false;

// Primary: a struct with its own schema.
template <class V>
struct OptionType {
  static void describe(ss_option& out) {
    out.kind = SS_OPTION_STRUCT;
    out.fields = schema_of<V>().abi();
  }
  static std::string render(const V& value) { return schema_of<V>().render(value); }
  static V read(ss_options node) {
    if (node == nullptr) throw Error("is missing");
    return schema_of<V>().read(node);
  }
};

template <>
struct OptionType<bool> {
  static void describe(ss_option& out) { out.kind = SS_OPTION_BOOL; }
  static std::string render(bool value) { return value ? "true" : "false"; }
  static bool read(ss_options node) {
    int32_t value = 0;
    check(options_api().as_bool(node, &value));
    return value != 0;
  }
};

template <std::signed_integral V>
struct OptionType<V> {
  static void describe(ss_option& out) { out.kind = SS_OPTION_INT; }
  static std::string render(V value) { return std::to_string(value); }
  static V read(ss_options node) {
    int64_t value = 0;
    check(options_api().as_int(node, &value));
    if (!std::in_range<V>(value)) throw Error(std::to_string(value) + " is too large");
    return static_cast<V>(value);
  }
};

template <>
struct OptionType<double> {
  static void describe(ss_option& out) { out.kind = SS_OPTION_DOUBLE; }
  static std::string render(double value) { return render_double(value); }
  static double read(ss_options node) {
    double value = 0;
    check(options_api().as_double(node, &value));
    return value;
  }
};

template <>
struct OptionType<std::string> {
  static void describe(ss_option& out) { out.kind = SS_OPTION_STRING; }
  static std::string render(const std::string& value) { return detail::quoted(value); }
  static std::string read(ss_options node) {
    ss_string value{};
    check(options_api().as_string(node, &value));
    return std::string(view(value));
  }
};

template <>
struct OptionType<Path> {
  static void describe(ss_option& out) { out.kind = SS_OPTION_PATH; }
  static std::string render(const Path& value) { return detail::quoted(value.value); }
  static Path read(ss_options node) { return {OptionType<std::string>::read(node)}; }
};

// In the pipeline {height: 512, width: 1024}, or [height, width].
template <>
struct OptionType<Size> {
  static void describe(ss_option& out) {
    out.kind = SS_OPTION_INT;
    out.shape = SS_OPTION_LIST;
    out.flags |= SS_OPTION_SIZE;
    out.minimum_length = 2;
  }
  static std::string render(Size size) {
    return "[" + std::to_string(size.height) + ", " + std::to_string(size.width) + "]";
  }
  static Size read(ss_options node) {
    const uint32_t count = options_api().length(node);
    if (count != 2) throw Error("expected a height and a width, found " + std::to_string(count) + " numbers");
    const auto side = [node](uint32_t index) { return OptionType<int64_t>::read(options_api().item(node, index)); };
    return {side(0), side(1)};
  }
};

template <class V>
struct OptionType<std::optional<V>> {
  static void describe(ss_option& out) {
    OptionType<V>::describe(out);
    out.flags |= SS_OPTION_NULLABLE;
  }
  static std::string render(const std::optional<V>& value) { return value ? OptionType<V>::render(*value) : "null"; }
  static std::optional<V> read(ss_options node) {
    return node == nullptr ? std::optional<V>{} : std::optional<V>(OptionType<V>::read(node));
  }
};

template <class V>
struct OptionType<std::vector<V>> {
  static_assert(is_item<V>, "items of a list are plain values or structs");
  static void describe(ss_option& out) {
    OptionType<V>::describe(out);
    out.shape = SS_OPTION_LIST;
  }
  static std::string render(const std::vector<V>& values) {
    std::string text;
    for (const V& value : values) text += (text.empty() ? "" : ", ") + OptionType<V>::render(value);
    return "[" + text + "]";
  }
  static std::vector<V> read(ss_options node) {
    if (node == nullptr) throw Error("is missing");
    std::vector<V> values;
    const uint32_t count = options_api().length(node);
    for (uint32_t i = 0; i < count; ++i) values.push_back(OptionType<V>::read(options_api().item(node, i)));
    return values;
  }
};

template <class V>
struct OptionType<std::map<std::string, V>> {
  static_assert(is_item<V>, "values of a map are plain values or structs");
  static void describe(ss_option& out) {
    OptionType<V>::describe(out);
    out.shape = SS_OPTION_MAP;
  }
  static std::string render(const std::map<std::string, V>& values) {
    std::string text;
    for (const auto& [key, value] : values) {
      text += (text.empty() ? "" : ", ") + detail::quoted(key) + ": " + OptionType<V>::render(value);
    }
    return "{" + text + "}";
  }
  static std::map<std::string, V> read(ss_options node) {
    if (node == nullptr) throw Error("is missing");
    std::map<std::string, V> values;
    const uint32_t count = options_api().length(node);
    for (uint32_t i = 0; i < count; ++i) {
      values.emplace(view(options_api().key(node, i)), OptionType<V>::read(options_api().item(node, i)));
    }
    return values;
  }
};

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
