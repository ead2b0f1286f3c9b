#include "state/allocation_limit.h"

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace sshost::state {
namespace {

thread_local AllocationLimit* innermost = nullptr;

// LibTorch's allocator, asked before.
class LimitedAllocator final : public c10::Allocator {
 public:
  explicit LimitedAllocator(c10::Allocator& own) : own_(own) {}

  c10::DataPtr allocate(size_t bytes) override {
    if (innermost != nullptr) innermost->take(bytes);
    return own_.allocate(bytes);
  }
  bool is_simple_data_ptr(const c10::DataPtr& data) const override { return own_.is_simple_data_ptr(data); }
  c10::DeleterFnPtr raw_deleter() const override { return own_.raw_deleter(); }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { own_.copy_data(to, from, bytes); }

 private:
  c10::Allocator& own_;
};

// For good: tensors keep pointers to their allocator.
void install() {
  static const bool is_installed = [] {
    c10::SetCPUAllocator(new LimitedAllocator(*c10::GetCPUAllocator()));
    return true;
  }();
  static_cast<void>(is_installed);
}

}  // namespace

AllocationLimit::AllocationLimit(uint64_t bytes, std::string reason)
    : left_(bytes), reason_(std::move(reason)), outer_(innermost) {
  install();
  innermost = this;
}

AllocationLimit::~AllocationLimit() { innermost = outer_; }

void AllocationLimit::take(uint64_t bytes) {
  bytes = std::max(bytes, kLeastBytes);
  if (bytes > left_) throw Error(reason_);
  left_ -= bytes;
}

}  // namespace sshost::state
