// What the headers of the component kinds (head.hpp, dataset.hpp, ...) share to describe a component to the host.
#ifndef SSHOST_DETAIL_COMPONENT_HPP
#define SSHOST_DETAIL_COMPONENT_HPP

#include <sshost/abi/plugin.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "../host.hpp"
#include "../options.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// A component as SSHOST_PLUGIN takes it. `kind_id` is a template argument because the ELF note, which is constant data,
// names the kinds.
template <Literal kind_id>
struct Component {
  static constexpr Literal kind = kind_id;
  std::string name;
  std::string text;
  const ss_schema* schema = nullptr;
  const void* table = nullptr;
  const void* (*get)(ss_string) = nullptr;
};

// The schema of the options struct `O` of component class `T`: T::schema(), or else O::schema().
template <class T, class O>
const Schema<O>& component_schema() {
  if constexpr (requires {
                  { T::schema() } -> std::convertible_to<Schema<O>>;
                }) {
    static const Schema<O> schema = T::schema();
    return schema;
  } else {
    return schema_of<O>();
  }
}

// `ss_component.get` of a component without further capabilities.
inline const void* no_capability(ss_string) { return nullptr; }

// Copies `count` items into an array of the host that holds `*capacity`; SS_TOO_SMALL where it is shorter.
template <class Out, class Get>
ss_status fill(Out* out, uint32_t* capacity, std::size_t count, Get&& get) {
  const uint32_t room = *capacity;
  *capacity = static_cast<uint32_t>(count);
  if (count > room) return fail(SS_TOO_SMALL, "count", "the caller's array is too short");
  for (std::size_t i = 0; i < count; ++i) out[i] = get(i);
  return SS_OK;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
