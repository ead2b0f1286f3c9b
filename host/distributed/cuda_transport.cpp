#include "distributed/cuda_transport.h"

#include <cstddef>
#include <map>

namespace sshost::distributed {

CudaTransport choose_cuda_transport(const std::vector<std::string>& gpus) {
  std::map<std::string, size_t> first_with;
  for (size_t rank = 0; rank < gpus.size(); ++rank) {
    const std::string number = std::to_string(rank);
    if (gpus[rank] == kNoGpu) return {false, "rank " + number + " has no GPU, or its sshost was built without NCCL"};
    const auto [entry, is_new] = first_with.emplace(gpus[rank], rank);
    if (is_new) continue;
    return {false, "ranks " + std::to_string(entry->second) + " and " + number +
                       " share a GPU (a process gets that of its LOCAL_RANK)"};
  }
  return {true};
}

}  // namespace sshost::distributed
