#ifndef SSHOST_DISTRIBUTED_LIVENESS_H
#define SSHOST_DISTRIBUTED_LIVENESS_H

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sshost::distributed {

// Tells why a collective failed: Gloo's errors name addresses, not ranks. Each rank writes a sign of life into the
// store now and then, from a thread of its own, and looks whether any rank has said why it ends.
class Liveness {
 public:
  // `store` is a connection that nothing else uses: a call that waits would keep others waiting.
  Liveness(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t count);
  ~Liveness();
  Liveness(const Liveness&) = delete;
  Liveness& operator=(const Liveness&) = delete;

  // Why the ranks end, as the first of them to find out has said; empty: none has, up to now.
  std::string failure() const;

  // Says it, where no rank has, and waits until those that are alive must have seen it.
  void report(const std::string& failure);

  // Whether the store is gone, and with it the process that keeps it.
  bool is_cut_off() const;

  // The ranks that give no sign of life, and have not left in order. Takes some of their intervals.
  std::vector<int64_t> silent_ranks() const;

  // For collectives that do not end by themselves where a rank has gone. Calls `end_them` once, from a thread of its
  // own, when a rank has said why it ends, the store is gone, or the next rank (after the last one: rank 0) has given
  // no sign of life for so long. Each rank watches one, which keeps the store's work in proportion to their number; the
  // others learn of it from what the watching one reports. `end_them` does not throw.
  void watch(std::chrono::milliseconds patience, std::function<void()> end_them);

 private:
  // What `watch` was given.
  struct Watch {
    int64_t patience = 0;            // in beats of this rank, which stand still where the whole machine does
    std::function<void()> end_them;  // empty: nothing is to be called, or it has been
    std::string sign{};              // of the next rank, as last seen
    int64_t beats = 0;               // since then
  };

  void work();
  bool sleep(std::chrono::milliseconds time) const;
  void exchange(int64_t beat);
  std::string sign_in_store(int64_t rank) const;
  void call_what_is_due();

  const c10::intrusive_ptr<c10d::Store> store_;
  const int64_t rank_;
  const int64_t count_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  bool cut_off_ = false;
  std::string failure_;
  std::string to_report_;
  std::vector<std::string> signs_;  // of all ranks, as last seen; asked for where `watching_`
  mutable bool watching_ = false;
  Watch watch_;

  std::thread call_;    // of Watch::end_them; apart, since signs of life go on meanwhile
  std::thread thread_;  // last, since it uses the rest
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_LIVENESS_H
