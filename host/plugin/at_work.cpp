#include "plugin/at_work.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace sshost::plugin {
namespace {

using Clock = std::chrono::steady_clock;

// For signal handlers and for the end of the process, where nothing is to be made or locked.
constinit thread_local const char* current = nullptr;

// What one thread does, for the others to see.
struct Slot {
  std::mutex mutex;
  const std::string* who = nullptr;
  Clock::time_point since;
};

class Slots {
 public:
  std::shared_ptr<Slot> add() {
    const std::scoped_lock lock(mutex_);
    return slots_.emplace_back(std::make_shared<Slot>());
  }

  void remove(const std::shared_ptr<Slot>& slot) {
    const std::scoped_lock lock(mutex_);
    std::erase(slots_, slot);
  }

  std::vector<std::shared_ptr<Slot>> all() {
    const std::scoped_lock lock(mutex_);
    return slots_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<Slot>> slots_;
};

// Never destroyed: threads may outlive what is static.
Slots& slots() {
  static auto& instance = *new Slots;
  return instance;
}

struct OwnSlot {
  OwnSlot() : slot(slots().add()) {}
  ~OwnSlot() { slots().remove(slot); }
  OwnSlot(const OwnSlot&) = delete;
  OwnSlot& operator=(const OwnSlot&) = delete;
  std::shared_ptr<Slot> slot;
};

Slot& own_slot() {
  thread_local const OwnSlot own;
  return *own.slot;
}

}  // namespace

AtWork::AtWork(const std::string& who) {
  Slot& slot = own_slot();
  const std::scoped_lock lock(slot.mutex);
  before_ = std::exchange(slot.who, &who);
  since_before_ = std::exchange(slot.since, Clock::now());
  current = who.c_str();
}

AtWork::~AtWork() {
  Slot& slot = own_slot();
  const std::scoped_lock lock(slot.mutex);
  slot.who = before_;
  slot.since = since_before_;
  current = before_ == nullptr ? nullptr : before_->c_str();
}

const char* AtWork::on_this_thread() { return current; }

std::vector<AtWork::Stay> AtWork::on_all_threads() {
  std::vector<Stay> stays;
  for (const std::shared_ptr<Slot>& slot : slots().all()) {
    const std::scoped_lock lock(slot->mutex);
    if (slot->who != nullptr) stays.push_back({*slot->who, slot->since});
  }
  return stays;
}

}  // namespace sshost::plugin
