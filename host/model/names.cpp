#include "model/names.h"

#include <utility>

namespace sshost::model {
namespace {

bool is_dotted_prefix(std::string_view prefix, std::string_view key) {
  if (prefix.empty()) return true;
  return key.starts_with(prefix) && (key.size() == prefix.size() || key[prefix.size()] == '.');
}

}  // namespace

std::optional<PublishedName> publish(const std::vector<NameRule>& rules, std::string_view key) {
  const NameRule* best = nullptr;
  for (const NameRule& rule : rules) {
    if (!is_dotted_prefix(rule.ours, key)) continue;
    if (best == nullptr || rule.ours.size() > best->ours.size()) best = &rule;
  }
  if (best == nullptr) return std::nullopt;
  std::string_view rest = key.substr(best->ours.size());
  if (rest.starts_with('.')) rest.remove_prefix(1);
  std::string name = best->theirs;
  if (!name.empty() && !rest.empty()) name += '.';
  return PublishedName{name.append(rest), best->changes, best->optional};
}

std::optional<std::string> apply_rules(const std::vector<NameRule>& rules, std::string_view key) {
  std::optional<PublishedName> published = publish(rules, key);
  if (!published) return std::nullopt;
  return std::move(published->name);
}

}  // namespace sshost::model
