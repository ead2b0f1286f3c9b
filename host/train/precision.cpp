#include "train/precision.h"

#include "config/value_error.h"

namespace sshost::train {

std::optional<at::ScalarType> autocast_of(const std::string& precision, at::Device device) {
  const std::string key = "train.precision";
  if (precision == "float32") return std::nullopt;
  if (precision == "bfloat16") return at::kBFloat16;
  if (precision != "float16") {
    throw config::ValueError(key, "unknown precision \"" + precision + "\"; there are: float32, bfloat16, float16");
  }
  if (device.is_cuda()) return at::kHalf;
  throw config::ValueError(
      key, "expected float32 or bfloat16 on the CPU, found float16: only CUDA devices compute gradients in it");
}

}  // namespace sshost::train
