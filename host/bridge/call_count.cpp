#include "bridge/call_count.h"

namespace sshost::bridge {
namespace detail {
constinit CallTally call_tally;
}

CallCounter::CallCounter() {
  detail::call_tally.operators = 0;
  detail::call_tally.layers = 0;
  detail::call_tally.enabled = true;
}

CallCounter::~CallCounter() { detail::call_tally.enabled = false; }

CallCounts CallCounter::counts() const {
  return {.operators = detail::call_tally.operators.load(), .layers = detail::call_tally.layers.load()};
}

}  // namespace sshost::bridge
