#ifndef SSHOST_CHECKPOINT_WEIGHT_ENDING_H
#define SSHOST_CHECKPOINT_WEIGHT_ENDING_H

#include <filesystem>

namespace sshost::checkpoint {

// What a file of weights is written as. A name's ending says it; what is read is told apart by content.
enum class WeightFormat { kSafetensors, kPth };

// ".safetensors", or ".pth" and ".pt" for PyTorch. Throws UsageError where the name ends otherwise.
WeightFormat format_for(const std::filesystem::path& target);

// Throws UsageError where the name does not end in ".safetensors", as a checkpoint of sshost's own does.
void require_checkpoint_name(const std::filesystem::path& target);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_WEIGHT_ENDING_H
