#ifndef SSHOST_MODEL_NAMES_H
#define SSHOST_MODEL_NAMES_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/name_change.h"

namespace sshost::model {

struct NameRule {
  std::string ours;    // a dotted prefix of a component's own key; empty: of every key
  std::string theirs;  // what stands in its place
  std::vector<NameChange> changes = {};
  bool optional = false;  // a file of the format may lack it
};

// What a format calls a tensor of ours, and how it stores it.
struct PublishedName {
  std::string name;
  std::vector<NameChange> changes = {};
  bool optional = false;  // as in NameRule
};

// The published name of `key`, a key relative to the component: the rule with the longest dotted prefix replaces that
// prefix. {"convs.0.norm", "decoder.1"} turns "convs.0.norm.weight" into "decoder.1.weight" and leaves
// "convs.0.norms.x". Empty where no rule fits.
std::optional<PublishedName> publish(const std::vector<NameRule>& rules, std::string_view key);

// The name of it alone.
std::optional<std::string> apply_rules(const std::vector<NameRule>& rules, std::string_view key);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_NAMES_H
