#include "distributed/liveness.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace sshost::distributed {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kInterval = 300ms;
constexpr auto kUntilSeen = 5 * kInterval;
const std::string kFailure = "failure";
const std::string kLeft = "left";  // the last sign of life of a rank that ends in order

std::string sign_of(int64_t rank) { return "alive/" + std::to_string(rank); }

}  // namespace

// What the thread that talks to the store, and may be stuck there, shares with the others.
struct Liveness::Exchange {
  const c10::intrusive_ptr<c10d::Store> store;
  const int64_t rank;
  const int64_t count;

  std::mutex mutex{};
  std::condition_variable changed{};
  bool stopping = false;  // this rank leaves in order
  bool ended = false;     // the thread has done its last
  bool cut_off = false;   // the store is gone, and with it the process that keeps it
  int64_t done = 0;       // exchanges so far
  std::string failure{};
  std::string to_report{};
  int64_t lookers = 0;        // who need the signs of all ranks
  bool watches_next = false;  // that of the next one is needed
  std::vector<std::string> signs = std::vector<std::string>(static_cast<size_t>(count));  // as last seen
  int64_t unanswered = 0;   // beats of this rank since an exchange was done
  int64_t unchanged = 0;    // and since the next rank gave a sign
  int64_t seen_done = 0;    // `done` at the last beat
  std::string seen_sign{};  // and the next rank's sign

  // False where the rank leaves.
  bool sleep(milliseconds time) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, time, [this] { return stopping; });
  }

  int64_t next() const { return (rank + 1) % count; }

  void work();
  void once();
  void leave();
  std::string sign_in_store(int64_t of) const;
};

void Liveness::Exchange::work() {
  try {
    do once();
    while (sleep(kInterval));
    leave();
  } catch (const std::exception&) {
    const std::lock_guard lock(mutex);
    cut_off = true;
  }
  const std::lock_guard lock(mutex);
  ended = true;
  changed.notify_all();
}

// The store is asked without the lock: it answers late where its machine is busy, and never where that stands still.
void Liveness::Exchange::once() {
  std::string report;
  bool all = false;
  bool watching = false;
  int64_t number = 0;
  {
    const std::lock_guard lock(mutex);
    report = to_report;
    all = lookers > 0;
    watching = watches_next;
    number = done;
  }
  store->set(sign_of(rank), std::to_string(number));
  if (!report.empty()) store->compareSet(kFailure, std::string(), report);
  std::string said = store->check({kFailure}) ? store->get_to_str(kFailure) : "";
  std::vector<std::string> found(static_cast<size_t>(count));
  for (int64_t other = 0; other < count; ++other) {
    if (all || (watching && other == next())) found[static_cast<size_t>(other)] = sign_in_store(other);
  }
  const std::lock_guard lock(mutex);
  failure = std::move(said);
  signs = std::move(found);
  ++done;
  changed.notify_all();
}

void Liveness::Exchange::leave() { store->set(sign_of(rank), kLeft); }

std::string Liveness::Exchange::sign_in_store(int64_t of) const {
  return store->check({sign_of(of)}) ? store->get_to_str(sign_of(of)) : "";
}

Liveness::Liveness(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t count)
    : exchange_(new Exchange{std::move(store), rank, count}),
      exchanges_([exchange = exchange_] { exchange->work(); }) {}

Liveness::~Liveness() {
  bool ended = false;
  {
    std::unique_lock lock(exchange_->mutex);
    exchange_->stopping = true;
    exchange_->changed.notify_all();
    ended = exchange_->changed.wait_for(lock, kUntilSeen, [this] { return exchange_->ended; });
  }
  if (beats_.joinable()) beats_.join();
  if (call_.joinable()) call_.join();
  ended ? exchanges_.join() : exchanges_.detach();
}

void Liveness::beat() {
  while (exchange_->sleep(kInterval)) {
    {
      const std::lock_guard lock(exchange_->mutex);
      Exchange& now = *exchange_;
      const std::string& sign = now.signs[static_cast<size_t>(now.next())];
      const bool answered = now.done != now.seen_done;
      now.unanswered = answered ? 0 : now.unanswered + 1;
      if (answered) now.unchanged = sign == now.seen_sign && sign != kLeft ? now.unchanged + 1 : 0;
      now.seen_done = now.done;
      now.seen_sign = sign;
    }
    call_what_is_due();
  }
}

void Liveness::watch(milliseconds patience, std::function<void()> end_them) {
  const std::lock_guard lock(exchange_->mutex);
  patience_ = std::max<int64_t>(1, patience / kInterval);
  end_them_ = std::move(end_them);
  exchange_->watches_next = true;
  beats_ = std::thread([this] { beat(); });
}

void Liveness::call_what_is_due() {
  const std::lock_guard lock(exchange_->mutex);
  const Exchange& now = *exchange_;
  if (!end_them_) return;
  const bool is_silent = std::max(now.unanswered, now.unchanged) >= patience_;
  if (!now.cut_off && now.failure.empty() && !is_silent) return;
  exchange_->watches_next = false;
  call_ = std::thread(std::exchange(end_them_, nullptr));
}

void Liveness::report(const std::string& failure) {
  {
    const std::lock_guard lock(exchange_->mutex);
    exchange_->to_report = failure;
  }
  exchange_->sleep(kUntilSeen);
}

Liveness::Findings Liveness::look(milliseconds patience) const {
  Exchange& now = *exchange_;
  std::unique_lock lock(now.mutex);
  const auto is_over = [&] { return now.stopping || now.cut_off || !now.failure.empty(); };
  ++now.lookers;
  int64_t done = now.done;
  now.changed.wait_for(lock, patience, [&] { return is_over() || now.done >= done + 2; });  // one may be under way
  const std::vector<std::string> before = now.signs;
  if (now.done != done) {
    done = now.done;
    now.changed.wait_for(lock, patience, is_over);
  }
  --now.lookers;
  Findings found{now.failure, Keeper::kAnswers, {}};
  if (now.cut_off) {
    found.keeper = Keeper::kGone;
  } else if (now.done == done) {
    found.keeper = Keeper::kSilent;
  }
  for (int64_t rank = 0; rank < now.count; ++rank) {
    const auto index = static_cast<size_t>(rank);
    const bool is_silent = before[index] == now.signs[index] && before[index] != kLeft;
    if (rank != now.rank && is_silent) found.silent.push_back(rank);
  }
  return found;
}

}  // namespace sshost::distributed
