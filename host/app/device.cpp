#include "app/device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <string>

#include "config/value_error.h"

namespace sshost::app {
namespace {

// Of CUDA devices, and what to do.
std::string what_there_is(int64_t count) {
  if (!at::detail::getCUDAHooks().isBuilt()) {
    return "this LibTorch (" TORCH_VERSION
           ") is built without CUDA, so that there is only `device: cpu`; build sshost with a CUDA LibTorch "
           "(-DSSHOST_LIBTORCH=FOLDER) for GPUs";
  }
  if (count == 0) return "this LibTorch knows CUDA, but finds no GPU on this machine (is there one in `nvidia-smi`?)";
  return "there are " + std::to_string(count) + " CUDA devices, numbered from 0";
}

}  // namespace

at::Device device_of(const config::Pipeline& pipeline, const distributed::RankEnvironment& environment) {
  at::Device device(pipeline.device);
  if (!device.is_cuda()) return device;
  const auto count = static_cast<int64_t>(at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0);
  if (!device.has_index() && environment.count > 1 && count > 0) {
    device.set_index(static_cast<at::DeviceIndex>(distributed::own_gpu(environment, count)));
  }
  if (std::max<int64_t>(0, device.index()) < count) return device;
  const config::ValueError error("device",
                                 "expected one that is there, found " + device.str() + "; " + what_there_is(count));
  throw config::with_place(error, pipeline);
}

}  // namespace sshost::app
