// Options of a component: a plain struct whose members have their defaults, and a schema that names them.
//
//   struct PspOptions {
//     int64_t channels = 512;
//     std::vector<int64_t> scales = {1, 2, 3, 6};
//   };
//   static ss::Schema<PspOptions> schema() {
//     return {{"channels", &PspOptions::channels, "width of every branch", ss::at_least(1)},
//             {"scales", &PspOptions::scales, "cells a side of each branch", ss::each_at_least(1)}};
//   }
//
// A member is a bool, an integer, a double, a std::string, an ss::Path, a struct with a `static schema()` of its own, a
// std::optional (null is a value), a std::vector or a std::map<std::string, ...> of those, or an ss::Size.
// The host checks the pipeline against the schema before any code of the component runs.
#ifndef SSHOST_OPTIONS_HPP
#define SSHOST_OPTIONS_HPP

#include <sshost/abi/options.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detail/option_types.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// What a value must be. An option takes any number of them after its text.
struct Rule {
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  uint32_t minimum_length = 0;
  bool required = false;
  uint32_t flags = 0;
};

inline Rule at_least(double minimum) { return {.minimum = minimum, .choices = {}}; }
inline Rule at_most(double maximum) { return {.maximum = maximum, .choices = {}}; }
inline Rule between(double minimum, double maximum) { return {.minimum = minimum, .maximum = maximum, .choices = {}}; }

// The same for every number of a list or map.
inline Rule each_at_least(double minimum) { return at_least(minimum); }
inline Rule each_at_most(double maximum) { return at_most(maximum); }
inline Rule each_between(double minimum, double maximum) { return between(minimum, maximum); }

// At least so many items in a list or map.
inline Rule at_least_items(uint32_t count) { return {.choices = {}, .minimum_length = count}; }

// The strings or integers that are allowed.
inline Rule choices(std::initializer_list<const char*> allowed) {
  return {.choices = {allowed.begin(), allowed.end()}};
}
inline Rule choices(std::initializer_list<int64_t> allowed) {
  Rule rule;
  for (const int64_t value : allowed) rule.choices.push_back(std::to_string(value));
  return rule;
}

// Of a list: `images: "*.jpg"` stands for `images: ["*.jpg"]`.
inline Rule one_is_list() { return {.choices = {}, .flags = SS_OPTION_ONE_IS_LIST}; }

// Of structs: `classes: [road]` stands for `classes: [{name: road}]`, where `name` is the first field.
inline Rule text_is_first_field() { return {.choices = {}, .flags = SS_OPTION_TEXT_IS_FIELD}; }

// The pipeline has to give it: the struct's default is not used.
inline Rule required() { return {.choices = {}, .required = true}; }

// One member of the options struct `T`.
template <class T>
class Option {
 public:
  template <class V, class... Rules>
  Option(std::string name, V T::*member, std::string text, const Rules&... rules)
      : render([member](const T& from) { return detail::OptionType<V>::render(from.*member); }),
        read([member](ss_options node, T& to) { to.*member = detail::OptionType<V>::read(node); }),
        describe([](ss_option& out) { detail::OptionType<V>::describe(out); }),
        name_(std::move(name)),
        text_(std::move(text)) {
    (add(rules), ...);
  }

  std::function<std::string(const T&)> render;  // the member as YAML
  std::function<void(ss_options, T&)> read;     // from the pipeline's value
  std::function<void(ss_option&)> describe;     // kind, shape, nullable, fields
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  const Rule& rule() const { return rule_; }

 private:
  void add(const Rule& rule) {
    rule_.minimum = std::max(rule_.minimum, rule.minimum);
    rule_.maximum = std::min(rule_.maximum, rule.maximum);
    rule_.minimum_length = std::max(rule_.minimum_length, rule.minimum_length);
    rule_.required = rule_.required || rule.required;
    rule_.flags |= rule.flags;
    rule_.choices.insert(rule_.choices.end(), rule.choices.begin(), rule.choices.end());
  }

  std::string name_;
  std::string text_;
  Rule rule_;
};

// All options of the struct `T`; copies share what the descriptor points to.
template <class T>
class Schema {
 public:
  Schema() : Schema(std::initializer_list<Option<T>>{}) {}
  Schema(std::initializer_list<Option<T>> options) : data_(std::make_shared<Data>(options)) {}

  // The descriptor for the host. Lives as long as this schema.
  const ss_schema* abi() const { return &data_->schema; }

  // A struct with the values of a checked group of options.
  T read(ss_options node) const {
    T result{};
    for (const Option<T>& option : data_->options) {
      detail::named(option.name(), [&] { option.read(detail::field(node, option.name()), result); });
    }
    return result;
  }

  std::string render(const T& value) const {
    std::string text;
    for (const Option<T>& option : data_->options) {
      text += (text.empty() ? "" : ", ") + option.name() + ": " + option.render(value);
    }
    return "{" + text + "}";
  }

 private:
  struct Described {
    Described(const Option<T>& option, const T& defaults) : rule(option.rule()) {
      abi.size = sizeof(ss_option);
      option.describe(abi);
      abi.name = detail::to_abi(option.name());
      abi.text = detail::to_abi(option.text());
      abi.minimum = rule.minimum;
      abi.maximum = rule.maximum;
      abi.minimum_length = std::max(abi.minimum_length, rule.minimum_length);
      abi.flags |= rule.flags;
      if (rule.required) abi.flags |= SS_OPTION_REQUIRED;
      for (const std::string& choice : rule.choices) choices.push_back(detail::to_abi(choice));
      abi.choices = choices.data();
      abi.choice_count = static_cast<uint32_t>(choices.size());
      default_value = option.render(defaults);
      // Without a text, a required option has no default and a nullable one is null.
      if (!rule.required && default_value != "null") abi.default_value = detail::to_abi(default_value);
    }
    Described(const Described&) = delete;
    Described& operator=(const Described&) = delete;

    Rule rule;
    std::vector<ss_string> choices;
    std::string default_value;
    ss_option abi{};
  };

  struct Data {
    explicit Data(std::initializer_list<Option<T>> list) : options(list) {
      const T defaults{};
      for (const Option<T>& option : options) {
        described.push_back(std::make_unique<Described>(option, defaults));
        pointers.push_back(&described.back()->abi);
      }
      schema = {sizeof(ss_schema), static_cast<uint32_t>(pointers.size()), pointers.data()};
    }
    Data(const Data&) = delete;
    Data& operator=(const Data&) = delete;

    std::vector<Option<T>> options;
    std::vector<std::unique_ptr<Described>> described;
    std::vector<const ss_option*> pointers;
    ss_schema schema{};
  };

  std::shared_ptr<const Data> data_;
};

// The options of a component that has none.
struct NoOptions {
  static Schema<NoOptions> schema() { return {}; }
};

}  // namespace v1
}  // namespace ss

#endif
