// Tensor handles: what an ss_tensor of the ABI is on the host's side.
//
// An ss_tensor is the tensor's own c10::TensorImpl*, and the handle's count is the tensor's reference count, so handing
// a tensor over costs no allocation. NULL is the undefined tensor.
// A handle may outlive everything but the process. Threads: every function may be called on any thread.
#ifndef SSHOST_BRIDGE_HANDLE_H
#define SSHOST_BRIDGE_HANDLE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/tensor.h>

#include <cstdint>

#include "bridge/handle_ledger.h"

namespace sshost::bridge {

// The tensor as a handle that the receiver owns: one count, which takes over the argument's.
ss_tensor to_handle(at::Tensor tensor);

// Throws Error where the ledger does not know the handle.
void require_known(ss_tensor handle);

// The tensor behind a handle, which stays its owner's. The result holds a reference of its own.
inline at::Tensor borrow(ss_tensor handle) {
  using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  if (handle == nullptr) return {};
  if (handle_ledger_is_kept.load(std::memory_order_relaxed)) require_known(handle);
  return at::Tensor(Pointer::reclaim_copy(reinterpret_cast<c10::TensorImpl*>(handle)));
}

// The tensor of a handle that the caller owns, which is used up. Throws Error where the ledger is kept and does not
// know it.
at::Tensor take(ss_tensor handle);

// What tensor.h of the ABI promises of these; NULL is allowed.
void retain(ss_tensor handle);
void release(ss_tensor handle);

// Counts of handles given out and not yet released, over the whole process. Zero after a run: what is left was leaked.
// One atomic addition for each handle.
int64_t live_handles();

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_HANDLE_H
