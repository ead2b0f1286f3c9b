#include "engine/liveness.h"

#include <exception>

namespace sshost::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 300ms;
constexpr auto kPatience = 5 * kInterval;  // a rank that is silent for so long is gone
const std::string kFailure = "failure";

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
}

void Liveness::work() try {
  for (int64_t beat = 1; sleep(kInterval); ++beat) exchange(beat);
} catch (const std::exception&) {
  const std::lock_guard lock(mutex_);
  cut_off_ = true;
}

// False where the object is being destroyed.
bool Liveness::sleep(std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

// The store is asked without the lock: it answers late where the machine is busy.
void Liveness::exchange(int64_t beat) {
  std::string report;
  bool watching = false;
  {
    const std::lock_guard lock(mutex_);
    report = to_report_;
    watching = watching_;
  }
  store_->set(sign_of(rank_), std::to_string(beat));
  if (!report.empty()) store_->compareSet(kFailure, std::string(), report);
  const std::string failure = store_->check({kFailure}) ? store_->get_to_str(kFailure) : "";
  std::vector<std::string> signs(static_cast<size_t>(count_));
  for (int64_t rank = 0; watching && rank < count_; ++rank) {
    if (store_->check({sign_of(rank)})) signs[static_cast<size_t>(rank)] = store_->get_to_str(sign_of(rank));
  }
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  signs_ = std::move(signs);
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
    if (rank != rank_ && before[index] == after[index]) silent.push_back(rank);
  }
  return silent;
}

}  // namespace sshost::engine
