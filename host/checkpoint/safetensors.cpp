#include "checkpoint/safetensors.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/error.h"
#include "checkpoint/safetensors_header.h"
#include "checkpoint/torch_element_type.h"
#include "file/atomic_file.h"

namespace sshost::checkpoint {
namespace {

// The type that the format has for a tensor.
ElementType stored_type(const std::string& name, const at::Tensor& tensor) {
  const auto type = from_torch(tensor.scalar_type());
  if (type && !safetensors_name(*type).empty()) return *type;
  throw Error("cannot save tensor \"" + name + "\": safetensors has no dtype " + toString(tensor.scalar_type()));
}

// Ranges for tensors in the order of falling element size, so that each begins at a multiple of its own.
SafetensorsHeader plan(const TensorFile& file, std::vector<size_t>& order) {
  order.resize(file.tensors.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return file.tensors[a].second.element_size() > file.tensors[b].second.element_size();
  });
  SafetensorsHeader header{{}, file.metadata};
  std::set<std::string_view> names;
  uint64_t reached = 0;
  for (const size_t index : order) {
    const auto& [name, tensor] = file.tensors[index];
    if (!names.insert(name).second) throw Error("cannot save tensor \"" + name + "\": there are two of that name");
    const uint64_t bytes = tensor.nbytes();
    header.tensors.push_back({name, stored_type(name, tensor), tensor.sizes().vec(), reached, reached + bytes});
    reached += bytes;
  }
  return header;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  std::vector<size_t> order;
  const SafetensorsHeader header = plan(file, order);
  const std::string text = format_header(header);
  const uint64_t data_bytes = header.tensors.empty() ? 0 : header.tensors.back().end;
  const uint64_t length = text.size();
  file::AtomicFile output(path, sizeof length + length + data_bytes);
  output.write({reinterpret_cast<const char*>(&length), sizeof length});
  output.write(text);
  for (const size_t index : order) {
    const at::Tensor tensor = file.tensors[index].second.detach().cpu().contiguous();
    output.write({static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()});
  }
  output.commit();
}

}  // namespace sshost::checkpoint
