// Counts the calls that plugins make of operators and layers, to tell what the boundary costs. Off at first, and then
// it costs one load for each call. Threads: any; the counts are of the whole process.
#ifndef SSHOST_BRIDGE_CALL_COUNT_H
#define SSHOST_BRIDGE_CALL_COUNT_H

#include <atomic>
#include <cstdint>

namespace sshost::bridge {

struct CallCounts {
  int64_t operators = 0;
  int64_t layers = 0;
};

// Counts the calls made while it exists; one at a time.
class CallCounter {
 public:
  CallCounter();
  ~CallCounter();
  CallCounter(const CallCounter&) = delete;
  CallCounter& operator=(const CallCounter&) = delete;
  CallCounts counts() const;
};

namespace detail {
struct CallTally {
  std::atomic<bool> enabled = false;
  std::atomic<int64_t> operators = 0;
  std::atomic<int64_t> layers = 0;
};
extern CallTally call_tally;
}  // namespace detail

// The tables call these once for each call of a plugin.
inline void count_operator_call() {
  detail::CallTally& tally = detail::call_tally;
  if (tally.enabled.load(std::memory_order_relaxed)) tally.operators.fetch_add(1, std::memory_order_relaxed);
}
inline void count_layer_call() {
  detail::CallTally& tally = detail::call_tally;
  if (tally.enabled.load(std::memory_order_relaxed)) tally.layers.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_CALL_COUNT_H
