#ifndef SSHOST_CHECKPOINT_TENSOR_FILE_H
#define SSHOST_CHECKPOINT_TENSOR_FILE_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {

// Named tensors and text: what one file of tensors holds. The tensors are on the CPU when read, in the order of the
// file; when written they may be on any device and in any memory format.
struct TensorFile {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  std::map<std::string, std::string> metadata;  // empty from a .pth file
  std::string dropped_prefix = {};              // that all names had in the file: TensorIndex::dropped_prefix
  std::string part = {};                        // of a .pth, as the three below: TensorIndex
  std::vector<std::pair<std::string, std::string>> beside = {};
  std::vector<std::string> other_parts = {};
  std::vector<std::string> classes = {};

  // Null where there is none of that name.
  const at::Tensor* find(std::string_view name) const;
};

// Reads a safetensors or a .pth file, told apart by their content (tensor_index.h). Tensors that share a storage in the
// file share memory; weights in int8 become float32 (quantised_file.h). `part` and `prefix`: see read_tensor_index. Throws Error that names the file and the tensor.
TensorFile read_tensor_file(const std::filesystem::path& path, const std::string& part = {},
                            const std::string& prefix = {});

// The names, shapes and types of a file, each with a single value that stands for all: it takes no memory, whatever
// sizes the file claims, and says whether the file is the one that is wanted before its values are read.
TensorFile outline_of(const TensorIndex& index);

// As safetensors or as .pth (pth_writer.h), as the path ends (weight_ending.h).
void write_tensor_file(const std::filesystem::path& path, const TensorFile& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_TENSOR_FILE_H
