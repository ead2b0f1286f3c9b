#include "distributed/liveness.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace sshost::distributed {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 300ms;
constexpr auto kPatience = 5 * kInterval;  // a rank that is silent for so long is gone
const std::string kFailure = "failure";
const std::string kLeft = "left";  // the last sign of life of a rank that ends in order

std::string sign_of(int64_t rank) { return "alive/" + std::to_string(rank); }

}  // namespace

Liveness::Liveness(c10::intrusive_ptr<c10d::Store> store, int64_t rank, int64_t count)
    : store_(std::move(store)), rank_(rank), count_(count), signs_(static_cast<size_t>(count)) {
  exchange(0);
  thread_ = std::thread([this] { work(); });
}

Liveness::~Liveness() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (call_.joinable()) call_.join();
  try {
    if (!cut_off_) store_->set(sign_of(rank_), kLeft);
  } catch (const std::exception&) {  // the store has left before
  }
}

void Liveness::work() {
  for (int64_t beat = 1; sleep(kInterval); ++beat) {
    try {
      if (!is_cut_off()) exchange(beat);
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex_);
      cut_off_ = true;
    }
    call_what_is_due();
  }
}

// False where the object is being destroyed.
bool Liveness::sleep(std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

// The store is asked without the lock: it answers late where the machine is busy.
void Liveness::exchange(int64_t beat) {
  const int64_t next = (rank_ + 1) % count_;
  std::string report;
  bool watching_all = false;
  bool watching_next = false;
  {
    const std::lock_guard lock(mutex_);
    report = to_report_;
    watching_all = watching_;
    watching_next = watch_.end_them != nullptr;
  }
  store_->set(sign_of(rank_), std::to_string(beat));
  if (!report.empty()) store_->compareSet(kFailure, std::string(), report);
  const std::string failure = store_->check({kFailure}) ? store_->get_to_str(kFailure) : "";
  std::vector<std::string> signs(static_cast<size_t>(count_));
  for (int64_t rank = 0; rank < count_; ++rank) {
    if (watching_all || (watching_next && rank == next)) signs[static_cast<size_t>(rank)] = sign_in_store(rank);
  }
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  const std::string& of_next = signs[static_cast<size_t>(next)];
  watch_.beats = of_next == watch_.sign && of_next != kLeft ? watch_.beats + 1 : 0;
  watch_.sign = of_next;
  signs_ = std::move(signs);
}

std::string Liveness::sign_in_store(int64_t rank) const {
  return store_->check({sign_of(rank)}) ? store_->get_to_str(sign_of(rank)) : "";
}

void Liveness::watch(std::chrono::milliseconds patience, std::function<void()> end_them) {
  const std::lock_guard lock(mutex_);
  watch_ = {std::max<int64_t>(1, patience / kInterval), std::move(end_them)};
}

void Liveness::call_what_is_due() {
  const std::lock_guard lock(mutex_);
  if (!watch_.end_them) return;
  if (!cut_off_ && failure_.empty() && watch_.beats < watch_.patience) return;
  call_ = std::thread(std::exchange(watch_.end_them, nullptr));
}

std::string Liveness::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool Liveness::is_cut_off() const {
  const std::lock_guard lock(mutex_);
  return cut_off_;
}

void Liveness::report(const std::string& failure) {
  {
    const std::lock_guard lock(mutex_);
    to_report_ = failure;
  }
  sleep(kPatience);
}

std::vector<int64_t> Liveness::silent_ranks() const {
  const auto look = [this](bool watching) {
    const std::lock_guard lock(mutex_);
    watching_ = watching;
    return signs_;
  };
  look(true);
  sleep(2 * kInterval);
  const std::vector<std::string> before = look(true);
  sleep(kPatience);
  const std::vector<std::string> after = look(false);
  std::vector<int64_t> silent;
  for (int64_t rank = 0; rank < count_; ++rank) {
    const auto index = static_cast<size_t>(rank);
    if (rank != rank_ && before[index] == after[index] && after[index] != kLeft) silent.push_back(rank);
  }
  return silent;
}

}  // namespace sshost::distributed
