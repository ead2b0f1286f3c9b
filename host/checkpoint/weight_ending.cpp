#include "checkpoint/weight_ending.h"

#include <string>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr const char* kSafetensors = ".safetensors";

[[noreturn]] void refuse(const std::filesystem::path& target, const std::string& expected) {
  throw UsageError(target.string() + ": cannot be written: expected a name that ends in " + expected);
}

}  // namespace

WeightFormat format_for(const std::filesystem::path& target) {
  const std::string ending = target.extension().string();
  if (ending == kSafetensors) return WeightFormat::kSafetensors;
  if (ending == ".pth" || ending == ".pt") return WeightFormat::kPth;
  refuse(target, std::string(".safetensors, or in .pth or .pt for PyTorch") +
                     (ending == ".onnx" ? "; `sshost export` writes ONNX" : ""));
}

void require_checkpoint_name(const std::filesystem::path& target) {
  if (target.extension() != kSafetensors) {
    refuse(target, ".safetensors; `sshost weights export` writes one for PyTorch");
  }
}

}  // namespace sshost::checkpoint
