#include "distributed/nccl.h"

#include <ATen/cuda/CUDAContext.h>
#include <c10/util/env.h>

#define USE_C10D_NCCL  // what LibTorch was built with; its headers ask for it
#include <torch/csrc/cuda/nccl.h>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include <cstdint>

#include "base/error.h"

namespace sshost::distributed {
namespace {

// As torch::cuda::nccl::version packs it.
constexpr uint64_t kHeaders =
    (uint64_t{NCCL_MAJOR} << 32U) | (uint64_t{NCCL_MINOR} << 16U) | static_cast<uint64_t>(NCCL_PATCH);

std::string version_text(uint64_t packed) {
  return std::to_string(packed >> 32U) + "." + std::to_string((packed >> 16U) & 0xFFFFU) + "." +
         std::to_string(packed & 0xFFFFU);
}

// Objects that are made here and used in LibTorch contain NCCL's, which grow from version to version.
void require_torchs_headers() {
  const uint64_t of_torch = torch::cuda::nccl::version();
  if (of_torch == kHeaders) return;
  const std::string wanted = version_text(of_torch);
  throw Error("sshost was built with the headers of NCCL " + version_text(kHeaders) + ", its LibTorch with those of " +
              wanted + ": several GPUs need an sshost that was built where nccl.h is of NCCL " + wanted +
              " (beside a wheel's torch folder: pip install nvidia-nccl-cu13==" + wanted + ")");
}

at::Device with_index(const at::Device& device) {
  return {at::kCUDA, device.has_index() ? device.index() : at::cuda::current_device()};
}

// PyTorch ends the process where a collective fails, a minute after it has noticed. Here only the collectives end, and
// at once: the rank that failed is to be named, and the run to end in order.
void end_collectives_only() {
  const std::string clean_up_only = std::to_string(c10d::CleanUpOnly);
  c10::utils::set_env("TORCH_NCCL_ASYNC_ERROR_HANDLING", clean_up_only.c_str(), /*overwrite=*/false);
  c10::utils::set_env("TORCH_NCCL_DUMP_ON_TIMEOUT", "0", /*overwrite=*/false);
  c10::utils::set_env("TORCH_NCCL_WAIT_TIMEOUT_DUMP_MILSEC", "0", /*overwrite=*/false);
}

}  // namespace

std::optional<std::string> gpu_for_nccl(const at::Device& device) {
  if (!device.is_cuda()) return std::nullopt;
  require_torchs_headers();
  constexpr const char* kDigits = "0123456789abcdef";
  std::string name = "GPU-";
  for (const char byte : at::cuda::getDeviceProperties(with_index(device).index())->uuid.bytes) {
    const auto value = static_cast<unsigned char>(byte);
    name += {kDigits[value >> 4U], kDigits[value & 0xFU]};
  }
  return name;
}

c10::intrusive_ptr<c10d::Backend> open_nccl(const c10::intrusive_ptr<c10d::Store>& store, int rank, int count,
                                            const at::Device& device, std::chrono::milliseconds timeout) {
  end_collectives_only();
  const auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  auto nccl = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, count, options);
  nccl->eagerConnectSingleDevice(with_index(device));
  return nccl;
}

}  // namespace sshost::distributed
