#include "bridge/handle_ledger.h"

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sshost::bridge {
namespace {

class Ledger {
 public:
  void enter(const void* handle) {
    const std::scoped_lock lock(mutex_);
    ++counts_[handle];
    gone_.erase(handle);
  }

  bool strike(const void* handle) {
    const std::scoped_lock lock(mutex_);
    const auto found = counts_.find(handle);
    if (found == counts_.end()) return note(handle, "released");
    if (--found->second > 0) return true;
    counts_.erase(found);
    gone_.insert(handle);
    return true;
  }

  bool knows(const void* handle) {
    const std::scoped_lock lock(mutex_);
    return counts_.contains(handle) || note(handle, "used");
  }

  std::string take_mistake() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(mistake_, {});
  }

 private:
  bool note(const void* handle, const char* what) {
    const bool was_out = gone_.contains(handle);
    if (mistake_.empty()) {
      mistake_ =
          std::string("a handle is ") + what + (was_out ? " after its last release" : " that the host never gave");
    }
    return false;
  }

  std::mutex mutex_;
  std::unordered_map<const void*, int64_t> counts_;
  std::unordered_set<const void*> gone_;  // addresses come back with new tensors, which are out again
  std::string mistake_;
};

// Never destroyed: handles are released to the very end.
Ledger& ledger() {
  static auto& instance = *new Ledger;
  return instance;
}

}  // namespace

void keep_handle_ledger() { handle_ledger_is_kept = true; }
void enter_handle(const void* handle) { ledger().enter(handle); }
bool strike_handle(const void* handle) { return ledger().strike(handle); }
bool knows_handle(const void* handle) { return ledger().knows(handle); }
std::string take_handle_mistake() { return ledger().take_mistake(); }

}  // namespace sshost::bridge
