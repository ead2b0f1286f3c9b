#include "bridge/handle.h"

#include <atomic>

#include "base/error.h"

namespace sshost::bridge {
namespace {

constinit std::atomic<int64_t> live_count = 0;

void count(int64_t change) { live_count.fetch_add(change, std::memory_order_relaxed); }

bool is_kept() { return handle_ledger_is_kept.load(std::memory_order_relaxed); }

c10::TensorImpl* impl(ss_tensor handle) { return reinterpret_cast<c10::TensorImpl*>(handle); }

}  // namespace

ss_tensor to_handle(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  count(1);
  if (is_kept()) enter_handle(tensor.unsafeGetTensorImpl());
  return reinterpret_cast<ss_tensor>(tensor.unsafeReleaseTensorImpl());
}

at::Tensor take(ss_tensor handle) {
  if (handle == nullptr) return {};
  if (is_kept() && !strike_handle(handle)) throw Error(take_handle_mistake());
  count(-1);
  using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  return at::Tensor(Pointer::reclaim(impl(handle)));
}

void require_known(ss_tensor handle) {
  if (!knows_handle(handle)) throw Error("a handle that is not out: it was released before, or the host never gave it");
}

void retain(ss_tensor handle) {
  if (handle == nullptr) return;
  if (is_kept()) {
    if (!knows_handle(handle)) return;
    enter_handle(handle);
  }
  count(1);
  c10::raw::intrusive_ptr::incref(impl(handle));
}

void release(ss_tensor handle) {
  if (handle == nullptr || (is_kept() && !strike_handle(handle))) return;
  count(-1);
  c10::raw::intrusive_ptr::decref(impl(handle));
}

int64_t live_handles() { return live_count.load(std::memory_order_relaxed); }

}  // namespace sshost::bridge
