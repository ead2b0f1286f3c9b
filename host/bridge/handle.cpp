#include "bridge/handle.h"

#include <atomic>

namespace sshost::bridge {
namespace {

constinit std::atomic<int64_t> live_count = 0;

void count(int64_t change) { live_count.fetch_add(change, std::memory_order_relaxed); }

c10::TensorImpl* impl(ss_tensor handle) { return reinterpret_cast<c10::TensorImpl*>(handle); }

}  // namespace

ss_tensor to_handle(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  count(1);
  return reinterpret_cast<ss_tensor>(tensor.unsafeReleaseTensorImpl());
}

at::Tensor take(ss_tensor handle) {
  if (handle == nullptr) return {};
  count(-1);
  using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  return at::Tensor(Pointer::reclaim(impl(handle)));
}

void retain(ss_tensor handle) {
  if (handle == nullptr) return;
  count(1);
  c10::raw::intrusive_ptr::incref(impl(handle));
}

void release(ss_tensor handle) {
  if (handle == nullptr) return;
  count(-1);
  c10::raw::intrusive_ptr::decref(impl(handle));
}

int64_t live_handles() { return live_count.load(std::memory_order_relaxed); }

}  // namespace sshost::bridge
