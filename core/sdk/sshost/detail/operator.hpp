// Operators of the host that are named at compile time: they stand in the plugin's descriptor, and are resolved once.
#ifndef SSHOST_DETAIL_OPERATOR_HPP
#define SSHOST_DETAIL_OPERATOR_HPP

#include <sshost/abi/ops.h>

#include <atomic>

#include "../host.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

inline ss_operator resolve(const ss_ops_table& ops, std::string_view name) {
  ss_operator result = nullptr;
  check(ops.resolve(to_abi(name), &result));
  return result;
}

struct OperatorEntry : Listed<OperatorEntry> {
  using Listed::Listed;
  std::atomic<ss_operator> resolved = nullptr;
};

template <Literal name>
inline OperatorEntry operator_entry{name.view()};

// Two threads may resolve at once: they find the same.
template <Literal name>
ss_operator find_operator() {
  OperatorEntry& entry = operator_entry<name>;
  if (ss_operator found = entry.resolved.load(std::memory_order_acquire)) return found;
  ss_operator found = resolve(capability<SS_OPS_1, ss_ops_table>(), entry.id);
  entry.resolved.store(found, std::memory_order_release);
  return found;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
