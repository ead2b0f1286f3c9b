#ifndef SSHOST_DISTRIBUTED_WATCHDOG_H
#define SSHOST_DISTRIBUTED_WATCHDOG_H

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace sshost::distributed {

// Note [A wait that nothing else ends]
//
// A rank that stands still (SIGSTOP, a machine that swaps, a network that drops packets) closes no connection. Gloo
// gives up after a timeout. c10d's store does not: its client bounds the wait for a key, but then waits in recv,
// without a limit, until the server has confirmed that it no longer waits; `check`, `get` and the handshake wait so from
// the beginning, and nothing leads to the client's socket, to give it a limit or to close it. Nor does a main thread
// look at a flag while c10d's Reducer waits inside a backward pass.
//
// Three ways out were weighed. A store client of our own would have to speak a protocol that is private to PyTorch,
// with each version of torchrun's agent, and would not reach the Reducer. A time limit around each call leaves a thread
// behind for each that does not return, does not reach the Reducer either, and does not know a slow answer from none. So
// it is a thread that ends the process: it reaches every wait, needs nothing of c10d, and takes nothing from the run. It
// acts only while the main thread waits for others, when no file is half written, and without the others no rank can go
// on: what is lost is what a killed rank loses, the steps since the last checkpoint.
//
// The thread that gives signs of life (liveness.h) may itself be stuck in the store. Nobody waits for it.

// How a process ends that waits for ranks which do not answer.
struct LastResort {
  const std::atomic<bool>* stop = nullptr;  // set by a signal; nullptr: there is none

  // Says why, and ends the process; `is_stopped`: because of the signal. Called on another thread than the main one.
  // Empty: such a process waits on.
  std::function<void(const std::string& why, bool is_stopped)> end_process{};
};

// Ends the process where its main thread waits for others and either it is told to stop or the wait takes too long, if
// any of the others gives no sign of life. Threads: any.
class Watchdog {
 public:
  // Who gives no sign of life, "rank 3 (node1, process 7)"; empty: all do. May take seconds.
  using Missing = std::function<std::string()>;

  // `limit`: how long a wait may take.
  Watchdog(std::chrono::milliseconds limit, LastResort how);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // From now on asks this. What it uses outlives the watchdog.
  void ask(Missing missing);

  // While it exists others are waited for. One inside another, as of a batch norm in a backward pass, is part of it.
  class Wait {
   public:
    explicit Wait(Watchdog& watchdog);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    Watchdog& watchdog_;
  };

 private:
  void work();
  void look(std::unique_lock<std::mutex>& lock);
  bool is_stopped() const { return how_.stop != nullptr && *how_.stop; }

  const int64_t limit_;  // in ticks, which stand still where the whole machine does
  const LastResort how_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  Missing missing_;
  int64_t depth_ = 0;   // of waits inside waits; 0: nothing is waited for
  int64_t number_ = 0;  // of waits so far, without those inside others
  int64_t ticks_ = 0;   // of this one

  std::thread thread_;  // last, since it uses the rest
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_WATCHDOG_H
