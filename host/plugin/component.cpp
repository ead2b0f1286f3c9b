#include "plugin/component.h"

#include "plugin/text.h"

namespace sshost::plugin {

std::string_view Component::kind() const { return view(descriptor->kind); }
std::string_view Component::name() const { return view(descriptor->name); }
std::string_view Component::text() const { return view(descriptor->text); }

const void* Component::capability(std::string_view id) const {
  return descriptor->get == nullptr ? nullptr : descriptor->get(to_abi(id));
}

std::string word_of_kind(std::string_view kind) {
  const std::string_view prefix = "ss.";
  if (kind.substr(0, prefix.size()) == prefix) kind.remove_prefix(prefix.size());
  return std::string(kind.substr(0, kind.rfind('/')));
}

std::string to_string(const Component& component) {
  return word_of_kind(component.kind()) + " " + std::string(component.name()) + " (" + component.path.string() + ")";
}

}  // namespace sshost::plugin
