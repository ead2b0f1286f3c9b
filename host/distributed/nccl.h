#ifndef SSHOST_DISTRIBUTED_NCCL_H
#define SSHOST_DISTRIBUTED_NCCL_H

#include <c10/core/Device.h>
#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <optional>
#include <string>

namespace c10d {
class Backend;
class Store;
}  // namespace c10d

// NCCL, through LibTorch. An sshost has it that was built with a CUDA LibTorch and the headers which belong to it
// (cmake/LibTorch.cmake); else nccl_absent.cpp stands in, and no device is one for NCCL.
namespace sshost::distributed {

// Returns a name that no other GPU has, on no machine, or nullopt if NCCL cannot be used with the device, which exists.
// Throws Error where sshost was built with headers of another NCCL than LibTorch.
std::optional<std::string> gpu_for_nccl(const at::Device& device);

// Connects the GPUs of all ranks, each of which has its own, and waits for them. Throws what NCCL says.
//
// Its collectives are queued on the GPU: `wait` makes the device's current stream wait, not the thread. Where one fails
// or takes longer than `timeout`, all of this backend's end, whatever is in their tensors then; `getError` tells of it,
// and later ones throw. Where a rank dies that is reached through shared memory none fails, and they end by `abort`,
// from any thread. PyTorch's own environment variables (TORCH_NCCL_*) go before this.
c10::intrusive_ptr<c10d::Backend> open_nccl(const c10::intrusive_ptr<c10d::Store>& store, int rank, int count,
                                            const at::Device& device, std::chrono::milliseconds timeout);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_NCCL_H
