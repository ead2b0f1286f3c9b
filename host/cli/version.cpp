#include "cli/version.h"

#include <sshost/abi/status.h>
#include <torch/headeronly/version.h>

namespace sshost::cli {

std::string version_text() {
  return "sshost " SSHOST_VERSION " (plugin contract " + std::to_string(SS_ABI_MAJOR) + "." +
         std::to_string(SS_ABI_MINOR) + ", LibTorch " TORCH_VERSION ")";
}

}  // namespace sshost::cli
