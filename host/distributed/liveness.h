#ifndef SSHOST_DISTRIBUTED_LIVENESS_H
#define SSHOST_DISTRIBUTED_LIVENESS_H

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sshost::distributed {

// Tells why a collective failed: Gloo's errors name addresses, not ranks. Each rank writes a sign of life into the
// store now and then, from a thread of its own, and looks whether any rank has said why it ends. No function here waits
// for the store: where the process that keeps it stands still, only that thread does (see Note [A wait that nothing else
// ends]).
class Liveness {
 public:
  // Whether the process that keeps the store is there.
  enum class Keeper { kAnswers, kSilent, kGone };

  // What is known of the others.
  struct Findings {
    std::string failure;  // why the ranks end, as the first to find out has said; empty: none has
    Keeper keeper = Keeper::kAnswers;
    std::vector<int64_t> silent;  // ranks that give no sign of life, and have not left in order; of no use unless the
                                  // keeper answers
  };

  // `store` is a connection that nothing else uses: a call that waits would keep others waiting.
  Liveness(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t count);

  // Leaves the thread behind where the store does not answer.
  ~Liveness();
  Liveness(const Liveness&) = delete;
  Liveness& operator=(const Liveness&) = delete;

  // Says why this rank ends, where no rank has, and waits until those that are alive must have seen it.
  void report(const std::string& failure);

  // Watches all ranks for `patience`, and says which of them gave no sign of life meanwhile. Takes half a second more,
  // or twice as long where the keeper falls silent; ends at once where one has failed, or the keeper is gone.
  Findings look(std::chrono::milliseconds patience) const;

  // For collectives that do not end by themselves where a rank has gone. Calls `end_them` once, from a thread of its
  // own, when a rank has said why it ends, the store is gone or silent for so long, or the next rank (after the last
  // one: rank 0) has given no sign of life for so long. Each rank watches one, which keeps the store's work in
  // proportion to their number; the others learn of it from what the watching one reports. `end_them` does not throw.
  // Called once at most.
  void watch(std::chrono::milliseconds patience, std::function<void()> end_them);

 private:
  struct Exchange;

  void beat();
  void call_what_is_due();

  const std::shared_ptr<Exchange> exchange_;  // with the store; shared with the thread that may outlive this object
  int64_t patience_ = 0;                      // of `watch`, in beats, which stand still where the whole machine does
  std::function<void()> end_them_;            // empty: nothing is to be called, or it has been

  std::thread call_;       // of end_them_; apart, since signs of life go on meanwhile
  std::thread exchanges_;  // talks to the store
  std::thread beats_;      // of `watch`
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_LIVENESS_H
