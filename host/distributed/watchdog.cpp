#include "distributed/watchdog.h"

#include <utility>

namespace sshost::distributed {
namespace {

constexpr std::chrono::milliseconds kTick(200);

}  // namespace

Watchdog::Watchdog(std::chrono::milliseconds limit, LastResort how) : limit_(limit / kTick), how_(std::move(how)) {
  if (how_.end_process) thread_ = std::thread([this] { work(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::ask(Missing missing) {
  const std::lock_guard lock(mutex_);
  missing_ = std::move(missing);
}

Watchdog::Wait::Wait(Watchdog& watchdog) : watchdog_(watchdog) {
  const std::lock_guard lock(watchdog_.mutex_);
  if (watchdog_.depth_++ > 0) return;
  watchdog_.ticks_ = 0;
  ++watchdog_.number_;
}

Watchdog::Wait::~Wait() {
  const std::lock_guard lock(watchdog_.mutex_);
  --watchdog_.depth_;
}

void Watchdog::work() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kTick, [this] { return ending_; })) {
    if (depth_ == 0 || !missing_) continue;
    ++ticks_;
    if (is_stopped() || ticks_ >= limit_) look(lock);
  }
}

void Watchdog::look(std::unique_lock<std::mutex>& lock) {
  const Missing missing = missing_;
  const int64_t number = number_;
  const bool stopped = is_stopped();
  lock.unlock();  // it takes its time, in which the wait may end
  const std::string whom = missing();
  lock.lock();
  if (whom.empty() || depth_ == 0 || number_ != number) return;
  // With the lock, so that the wait does not end meanwhile.
  const int64_t seconds = ticks_ * kTick / std::chrono::seconds(1);
  how_.end_process(
      stopped ? "stopped while waiting for " + whom : "waited " + std::to_string(seconds) + " s in vain for " + whom,
      stopped);
}

}  // namespace sshost::distributed
