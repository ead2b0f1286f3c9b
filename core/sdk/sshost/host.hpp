// The host's capabilities and operators that a plugin uses. Both list themselves: what the code of a plugin reaches for
// stands in its descriptor, and the host refuses, by name, a plugin whose list it cannot serve.
#ifndef SSHOST_HOST_HPP
#define SSHOST_HOST_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// Text as a template argument.
template <std::size_t n>
struct Literal {
  char text[n]{};
  constexpr Literal(const char (&from)[n]) { std::copy_n(from, n, text); }  // NOLINT: implicit by design
  constexpr std::string_view view() const { return {text, n - 1}; }
};

// An entry of a list that builds itself while the library is loaded, before its entry is called.
template <class Derived>
struct Listed {
  inline static constinit Derived* first = nullptr;
  std::string_view id;
  Derived* next;
  explicit Listed(std::string_view id_text) : id(id_text), next(std::exchange(first, static_cast<Derived*>(this))) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
};

struct CapabilityEntry : Listed<CapabilityEntry> {
  using Listed::Listed;
  const void* table = nullptr;  // fetched by the plugin's entry
};

template <Literal id>
inline CapabilityEntry capability_entry{id.view()};

// The table of a capability. Naming it anywhere in a plugin puts the id into the plugin's descriptor.
template <Literal id, class Table>
const Table& capability() {
  return *static_cast<const Table*>(capability_entry<id>.table);
}

inline void fetch_capabilities() {
  for (CapabilityEntry* entry = CapabilityEntry::first; entry != nullptr; entry = entry->next) {
    entry->table = host->get(host, to_abi(entry->id));
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
