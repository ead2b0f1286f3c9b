#ifndef SSHOST_CONFIG_SECTION_H
#define SSHOST_CONFIG_SECTION_H

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/option_value.h"
#include "config/schema.h"

// A struct of the pipeline and its keys: each key is bound to a member, whose value in a default-constructed struct is
// the key's default, and which gets the key's value when the pipeline is read.
//
//   struct EmaConfig {
//     double decay = 0.999;
//     bool warmup = true;
//   };
//   const Section<EmaConfig> section({{key("decay", "share of the average that a step keeps").between(0, 1),
//                                      &EmaConfig::decay},
//                                     {key("warmup", "keep less of it in the first steps"), &EmaConfig::warmup}});
//   Schema schema = section.schema();    // what check_options takes
//   EmaConfig config = section.read(checked);
namespace sshost::config {

// A key whose kind, shape and default are those of the member that it is bound to.
inline Option key(std::string name, std::string text) { return string(std::move(name), "", std::move(text)); }

// How a member of type V is an option: its kind and shape, its value as that of a pipeline, and back.
template <typename V>
struct Bound;

template <ss_option_kind Kind, ss_option_shape Shape = SS_OPTION_SCALAR>
struct BoundAs {
  static constexpr ss_option_kind kKind = Kind;
  static constexpr ss_option_shape kShape = Shape;
};

template <>
struct Bound<bool> : BoundAs<SS_OPTION_BOOL> {
  static ss_options_object to_value(bool value) { return make_bool(value); }
  static bool of(const ss_options_object& value) { return value.boolean; }
};

template <std::integral V>
struct Bound<V> : BoundAs<SS_OPTION_INT> {
  static ss_options_object to_value(V value) { return make_integer(static_cast<std::int64_t>(value)); }
  static V of(const ss_options_object& value) { return static_cast<V>(value.integer); }
};

template <>
struct Bound<double> : BoundAs<SS_OPTION_DOUBLE> {
  static ss_options_object to_value(double value) { return make_double(value); }
  static double of(const ss_options_object& value) { return value.real; }
};

template <>
struct Bound<std::string> : BoundAs<SS_OPTION_STRING> {
  static ss_options_object to_value(const std::string& value) { return make_string(value); }
  static std::string of(const ss_options_object& value) { return value.text; }
};

template <typename V>
struct Bound<std::vector<V>> : BoundAs<Bound<V>::kKind, SS_OPTION_LIST> {
  static ss_options_object to_value(const std::vector<V>& list) {
    std::vector<ss_options_object> items;
    items.reserve(list.size());
    for (const V& item : list) items.push_back(Bound<V>::to_value(item));
    return make_list(std::move(items));
  }
  static std::vector<V> of(const ss_options_object& value) {
    std::vector<V> list;
    list.reserve(value.children.size());
    for (const ss_options_object& item : value.children) list.push_back(Bound<V>::of(item));
    return list;
  }
};

// A list of two. One of another length, which the type's own check reports, gives a pair of nothing.
template <typename V>
struct Bound<std::pair<V, V>> : BoundAs<Bound<V>::kKind, SS_OPTION_LIST> {
  static ss_options_object to_value(const std::pair<V, V>& pair) {
    return make_list({Bound<V>::to_value(pair.first), Bound<V>::to_value(pair.second)});
  }
  static std::pair<V, V> of(const ss_options_object& value) {
    if (value.children.size() != 2) return {};
    return {Bound<V>::of(value.children[0]), Bound<V>::of(value.children[1])};
  }
};

template <typename V>
struct Bound<std::optional<V>> : BoundAs<Bound<V>::kKind, Bound<V>::kShape> {
  static ss_options_object to_value(const std::optional<V>& value) {
    return value ? Bound<V>::to_value(*value) : ss_options_object{};
  }
  static std::optional<V> of(const ss_options_object& value) { return Bound<V>::of(value); }
};

template <typename V>
inline constexpr bool kIsOptional = false;
template <typename V>
inline constexpr bool kIsOptional<std::optional<V>> = true;

// The option with this default; null: without one. An option that is required has none.
Option with_default(Option option, const ss_options_object& value);

// The words for false and true, of which the default's is listed first.
Option with_words(Option option, const std::array<const char*, 2>& words, bool by_default);

template <typename T>
class Section;

// One key of the struct T, bound to a member of T or of a struct that T derives from. Null, where the option is nullable
// and the member no std::optional, is the default and leaves the member as it is.
template <typename T>
class Key {
 public:
  // For the caller to read: a map whose options depend on its `type`, or keys that make one value together.
  explicit(false) Key(const Option& option) : name_(option.name), option_([option](const T&) { return option; }) {}

  template <typename V, typename Owner>
  requires std::derived_from<T, Owner> Key(const Option& option, V Owner::*member)
      : name_(option.name),
        option_([option = of_type<V>(option), member](const T& defaults) {
          const bool is_null = !kIsOptional<V> && (option.flags & SS_OPTION_NULLABLE) != 0;
          return is_null ? option : with_default(option, Bound<V>::to_value(defaults.*member));
        }),
        read_([member](const ss_options_object& value, T& to) { to.*member = Bound<V>::of(value); }) {}

  // A yes or no that has words: {when it is false, when it is true}.
  Key(const Option& option, bool T::*member, std::array<const char*, 2> words)
      : name_(option.name),
        option_([option, member, words](const T& defaults) { return with_words(option, words, defaults.*member); }),
        read_([member, yes = std::string(words[1])](const ss_options_object& value, T& to) {
          to.*member = value.text == yes;
        }) {}

  // A struct with keys of its own; one that may be absent; a list of them.
  template <typename U, typename Owner>
  requires std::derived_from<T, Owner> Key(const Option& option, U Owner::*member, const Section<U>& section)
      : name_(option.name),
        option_([option, member, section](const T& defaults) {
          return structure(option.name, section.schema(defaults.*member), option.text);
        }),
        read_([member, section](const ss_options_object& value, T& to) { section.read(value, to.*member); }) {}

  template <typename U, typename Owner>
  requires std::derived_from<T, Owner> Key(const Option& option, std::optional<U> Owner::*member,
                                           const Section<U>& section)
      : name_(option.name),
        option_(
            [option, section](const T&) { return structure(option.name, section.schema(), option.text).nullable(); }),
        read_([member, section](const ss_options_object& value, T& to) { to.*member = section.read(value); }) {}

  template <typename U, typename Owner>
  requires std::derived_from<T, Owner> Key(const Option& option, std::vector<U> Owner::*member,
                                           const Section<U>& section)
      : name_(option.name),
        option_([option, section](const T&) {
          return structure(option.name, section.schema(), option.text).list(option.minimum_length);
        }),
        read_([member, section](const ss_options_object& value, T& to) {
          (to.*member).clear();
          for (const ss_options_object& item : value.children) (to.*member).push_back(section.read(item));
        }) {}

  Option option(const T& defaults) const { return option_(defaults); }

  void read(const ss_options_object& map, T& to) const {
    if (!read_) return;
    const ss_options_object& value = map.at(name_);
    if (!value.is_null()) read_(value, to);
  }

 private:
  template <typename V>
  static Option of_type(Option option) {
    if (option.kind != SS_OPTION_PATH) option.kind = Bound<V>::kKind;
    option.shape = Bound<V>::kShape;
    return kIsOptional<V> ? option.nullable() : option;
  }

  std::string name_;
  std::function<Option(const T& defaults)> option_;
  std::function<void(const ss_options_object& value, T& to)> read_;  // null: the caller does
};

template <typename T>
class Section {
 public:
  explicit Section(std::vector<Key<T>> keys) : keys_(std::move(keys)) {}

  Schema schema(const T& defaults = T{}) const {
    std::vector<Option> options;
    options.reserve(keys_.size());
    for (const Key<T>& key : keys_) options.push_back(key.option(defaults));
    return Schema(std::move(options));
  }

  // From a map that check_options made by the schema. Null leaves a member as it is.
  void read(const ss_options_object& map, T& to) const {
    for (const Key<T>& key : keys_) key.read(map, to);
  }

  T read(const ss_options_object& map) const {
    T result{};
    read(map, result);
    return result;
  }

 private:
  std::vector<Key<T>> keys_;
};

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_SECTION_H
