#include "app/device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <algorithm>
#include <string>

#include "config/value_error.h"

namespace sshost::app {

at::Device device_of(const config::Pipeline& pipeline, const distributed::RankEnvironment& environment) {
  at::Device device(pipeline.device);
  if (!device.is_cuda()) return device;
  const auto count = static_cast<int64_t>(at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0);
  if (!device.has_index() && environment.count > 1 && count > 0) {
    device.set_index(static_cast<at::DeviceIndex>(distributed::own_gpu(environment, count)));
  }
  if (std::max<int64_t>(0, device.index()) < count) return device;
  const config::ValueError error(
      "device", "expected one that is there, found " + device.str() + "; this machine and this LibTorch have " +
                    (count == 0 ? "no CUDA device" : std::to_string(count) + " CUDA devices, numbered from 0"));
  throw config::with_place(error, pipeline);
}

}  // namespace sshost::app
