#ifndef SSHOST_DISTRIBUTED_CUDA_TRANSPORT_H
#define SSHOST_DISTRIBUTED_CUDA_TRANSPORT_H

#include <string>
#include <vector>

namespace sshost::distributed {

// How tensors on CUDA devices get from rank to rank.
struct CudaTransport {
  bool is_nccl = false;        // from GPU to GPU; else by Gloo, which copies through the CPU
  std::string why_not_nccl{};  // empty where it is
};

// What a rank says that has no GPU, or no NCCL.
inline constexpr const char* kNoGpu = "none";

// NCCL needs a GPU for each rank. `gpus` are those of all ranks in their order, each by a name that no other GPU has,
// or kNoGpu: from the same list all ranks choose alike.
CudaTransport choose_cuda_transport(const std::vector<std::string>& gpus);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_CUDA_TRANSPORT_H
