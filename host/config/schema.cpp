#include "config/schema.h"

#include <utility>

namespace sshost::config {

namespace {

Option make(ss_option_kind kind, std::string name, std::string default_value, std::string text) {
  Option option;
  option.kind = kind;
  option.name = std::move(name);
  option.default_value = std::move(default_value);
  option.text = std::move(text);
  return option;
}

ss_string borrow(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

Option Option::list(std::uint32_t at_least_length) const {
  Option copy = *this;
  copy.shape = SS_OPTION_LIST;
  copy.minimum_length = at_least_length;
  return copy;
}

Option Option::required() const {
  Option copy = *this;
  copy.flags |= SS_OPTION_REQUIRED;
  return copy;
}

Option Option::nullable() const {
  Option copy = *this;
  copy.flags |= SS_OPTION_NULLABLE;
  return copy;
}

Option Option::at_least(double bound) const {
  Option copy = *this;
  copy.minimum = bound;
  return copy;
}

Option Option::between(double low, double high) const {
  Option copy = *this;
  copy.minimum = low;
  copy.maximum = high;
  return copy;
}

Option Option::one_of(std::vector<std::string> allowed) const {
  Option copy = *this;
  copy.choices = std::move(allowed);
  return copy;
}

Option size(std::string name, ListOrder order, std::string text) {
  Option option = make(SS_OPTION_INT, std::move(name), "", std::move(text)).list(2).at_least(1);
  option.flags |= SS_OPTION_SIZE;
  if (order == ListOrder::kWidthHeight) option.flags |= kWidthFirst;
  return option;
}

Option boolean(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_BOOL, std::move(name), std::move(default_value), std::move(text));
}

Option integer(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_INT, std::move(name), std::move(default_value), std::move(text));
}

Option real(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_DOUBLE, std::move(name), std::move(default_value), std::move(text));
}

Option string(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_STRING, std::move(name), std::move(default_value), std::move(text));
}

Option path(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_PATH, std::move(name), std::move(default_value), std::move(text));
}

Option structure(std::string name, Schema fields, std::string text) {
  Option option = make(SS_OPTION_STRUCT, std::move(name), "", std::move(text));
  option.fields = std::make_shared<const Schema>(std::move(fields));
  return option;
}

Option opaque(std::string name, std::string default_value, std::string text) {
  return make(SS_OPTION_STRUCT, std::move(name), std::move(default_value), std::move(text));
}

Schema::Schema(std::vector<Option> options) : options_(std::move(options)) {
  abi_options_.reserve(options_.size());
  choices_.reserve(options_.size());
  for (const Option& option : options_) {
    std::vector<ss_string>& choices = choices_.emplace_back();
    for (const std::string& choice : option.choices) choices.push_back(borrow(choice));
    ss_option& out = abi_options_.emplace_back();
    out.size = sizeof out;
    out.kind = option.kind;
    out.shape = option.shape;
    out.flags = option.flags;
    out.name = borrow(option.name);
    out.text = borrow(option.text);
    out.default_value = borrow(option.default_value);
    out.minimum = option.minimum;
    out.maximum = option.maximum;
    out.choices = choices.data();
    out.choice_count = static_cast<std::uint32_t>(choices.size());
    out.minimum_length = option.minimum_length;
    out.fields = option.fields ? &option.fields->abi() : nullptr;
    pointers_.push_back(&out);
  }
  schema_ = {sizeof schema_, static_cast<std::uint32_t>(pointers_.size()), pointers_.data()};
}

}  // namespace sshost::config
