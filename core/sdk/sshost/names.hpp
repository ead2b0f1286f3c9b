// How other people's checkpoints name a component's tensors. A component class that knows some offers
//
//   static constexpr std::string_view formats[] = {"torchvision", "sssegmentation"};
//   std::vector<ss::NameRule> names(const ss::NamesQuery& query) const;
//
// Each rule replaces a beginning of our keys by one of theirs, whole dotted parts at a time; of several that fit, the
// longest counts. {"convs.0.norm", "decoder.1"} turns "convs.0.norm.weight" into "decoder.1.weight"; an empty `ours`
// fits every key. No rules: the component has no tensors in that format.
// The host runs the rules forwards for export and for rules on parameters, and backwards for import.
#ifndef SSHOST_NAMES_HPP
#define SSHOST_NAMES_HPP

#include <sshost/abi/checkpoint_names.h>

#include <concepts>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "detail/component.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

enum class Role : ss_role {
  backbone = SS_ROLE_BACKBONE,
  head = SS_ROLE_HEAD,
  context = SS_ROLE_CONTEXT,  // the head whose representation a memory uses
  memory = SS_ROLE_MEMORY,
  auxiliary = SS_ROLE_AUXILIARY
};

struct NamesQuery {
  Role role;
  std::string_view format;
  uint32_t index;     // of an auxiliary head
  uint32_t siblings;  // how many auxiliary heads there are
};

struct NameRule {
  std::string ours;
  std::string theirs;
};

template <class T>
concept HasNames = requires(const T& component, const NamesQuery& query) {
  { component.names(query) } -> std::same_as<std::vector<NameRule>>;
  T::formats;
};

namespace detail {

template <HasNames T>
struct NamesAdapter {
  static ss_status formats(void*, ss_string* out, uint32_t* count) {
    return guarded("formats", [&] {
      return fill(out, count, std::size(T::formats), [](std::size_t i) { return to_abi(T::formats[i]); });
    });
  }

  static ss_status rules(void* self, const ss_names_query* query, const ss_name_sink* sink) {
    return guarded("names", [&] {
      const NamesQuery asked{static_cast<Role>(query->role), view(query->format), query->index, query->siblings};
      for (const NameRule& rule : static_cast<const T*>(self)->names(asked)) {
        const ss_name_rule abi{sizeof(ss_name_rule), 0, to_abi(rule.ours), to_abi(rule.theirs)};
        check(sink->emit(sink->self, &abi));
      }
    });
  }

  static constexpr ss_checkpoint_names_table table{formats, rules};
};

// What `ss_component.get` answers for the component class `T`.
template <class T>
const void* further_capability(ss_string id) {
  if constexpr (HasNames<T>) {
    if (view(id) == SS_CHECKPOINT_NAMES_1) return &NamesAdapter<T>::table;
  }
  return nullptr;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
