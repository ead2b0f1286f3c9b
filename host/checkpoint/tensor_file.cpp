#include "checkpoint/tensor_file.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "checkpoint/pth_writer.h"
#include "checkpoint/quantised_file.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/torch_element_type.h"
#include "checkpoint/weight_ending.h"

namespace sshost::checkpoint {
namespace {

at::Tensor load_bytes(const ByteSource& source, const StoredBytes& storage) {
  at::Tensor bytes = at::empty({static_cast<int64_t>(storage.bytes)}, at::kByte);
  load(source, storage, bytes.data_ptr());
  return bytes;
}

at::Tensor view_of(const at::Tensor& bytes, const StoredTensor& stored) {
  at::Tensor tensor = at::empty({0}, at::TensorOptions(to_torch(stored.type)));
  return tensor.set_(bytes.storage(), stored.offset, stored.shape, stored.strides);
}

TensorFile without_tensors(const TensorIndex& index) {
  return {{}, index.metadata, index.dropped_prefix, index.part, index.beside, index.other_parts, index.classes};
}

}  // namespace

const at::Tensor* TensorFile::find(std::string_view name) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& entry) { return entry.first == name; });
  return found == tensors.end() ? nullptr : &found->second;
}

TensorFile read_tensor_file(const std::filesystem::path& path, const std::string& part, const std::string& prefix) {
  const FileSource source(path);
  TensorIndex index = read_tensor_index(source, part, prefix);
  std::vector<at::Tensor> storages;
  for (const StoredBytes& storage : index.storages) storages.push_back(load_bytes(source, storage));
  TensorFile file = without_tensors(index);
  file.tensors.reserve(index.tensors.size());
  for (StoredTensor& stored : index.tensors) {
    at::Tensor tensor = view_of(storages[stored.storage], stored);
    file.tensors.emplace_back(std::move(stored.name), std::move(tensor));
  }
  dequantise(file, path.string(), prefix);
  return file;
}

TensorFile outline_of(const TensorIndex& index) {
  TensorFile outline = without_tensors(index);
  outline.tensors.reserve(index.tensors.size());
  for (const StoredTensor& stored : index.tensors) {
    const at::Tensor one = at::empty({}, at::TensorOptions(to_torch(stored.type)));
    outline.tensors.emplace_back(stored.name, one.expand(stored.shape));
  }
  return outline;
}

void write_tensor_file(const std::filesystem::path& path, const TensorFile& file) {
  switch (format_for(path)) {
    case WeightFormat::kPth:
      return write_pth(path, file);
    case WeightFormat::kSafetensors:
      return write_safetensors(path, file);
  }
}

}  // namespace sshost::checkpoint
