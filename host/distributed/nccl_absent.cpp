#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "base/error.h"
#include "distributed/nccl.h"

namespace sshost::distributed {

std::optional<std::string> gpu_for_nccl(const at::Device& /*device*/) { return std::nullopt; }

c10::intrusive_ptr<c10d::Backend> open_nccl(const c10::intrusive_ptr<c10d::Store>& /*store*/, int /*rank*/,
                                            int /*count*/, const at::Device& /*device*/,
                                            std::chrono::milliseconds /*timeout*/) {
  throw Error("this sshost was built without NCCL");
}

}  // namespace sshost::distributed
