#ifndef SSHOST_APP_WEIGHT_EXPORT_H
#define SSHOST_APP_WEIGHT_EXPORT_H

#include <cstddef>
#include <filesystem>
#include <string>

#include "app/log.h"
#include "run/session.h"

namespace sshost::app {

// Writes the weights of a checkpoint of this pipeline's model by the names of another program (`format`), or by sshost's
// own: how many tensors. `target` ends in .safetensors, or in .pth or .pt for PyTorch. Throws UsageError where it ends
// otherwise, or the model's components do not know the format.
size_t export_weights(const run::Session& opened, const std::filesystem::path& checkpoint, const std::string& format,
                      const std::filesystem::path& target, Log& log);

}  // namespace sshost::app

#endif  // SSHOST_APP_WEIGHT_EXPORT_H
