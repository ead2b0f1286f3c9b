#include "checkpoint/safetensors.h"

#include <ATen/ATen.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <set>

#include "checkpoint/atomic_file.h"
#include "checkpoint/safetensors_dtype.h"
#include "checkpoint/safetensors_header.h"
#include "error.h"

namespace sshost::checkpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little endian");

constexpr uint64_t kLengthBytes = 8;

// A regular file, read at offsets: it may shrink while it is read, which a mapping would answer with SIGBUS.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw Error("cannot open " + path.string() + ": " + std::strerror(errno));
    struct stat status {};
    const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    if (!regular) {
      ::close(descriptor_);
      throw Error("cannot read " + path.string() + ": it is not a file");
    }
    size_ = static_cast<uint64_t>(status.st_size);
  }
  ~InputFile() { ::close(descriptor_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  uint64_t size() const { return size_; }

  void read(uint64_t offset, void* out, uint64_t bytes) const {
    auto* next = static_cast<char*>(out);
    while (bytes > 0) {
      const ssize_t count = ::pread(descriptor_, next, bytes, static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw Error("cannot read " + path_.string() + ": " + std::strerror(errno));
      if (count == 0) throw Error("cannot read " + path_.string() + ": it became shorter while it was read");
      next += count;
      offset += static_cast<uint64_t>(count);
      bytes -= static_cast<uint64_t>(count);
    }
  }

 private:
  const std::filesystem::path& path_;
  int descriptor_;
  uint64_t size_ = 0;
};

struct OpenedHeader {
  SafetensorsHeader header;
  uint64_t data_start;
};

OpenedHeader read_header(const InputFile& file, const std::filesystem::path& path) {
  if (file.size() < kLengthBytes) {
    throw Error(path.string() + ": not a safetensors file, it has only " + std::to_string(file.size()) + " bytes");
  }
  uint64_t length = 0;
  file.read(0, &length, kLengthBytes);
  const uint64_t behind = file.size() - kLengthBytes;
  if (length > behind || length > kMaxHeaderBytes) {
    throw Error(path.string() + ": not a safetensors file or truncated: its header would have " +
                std::to_string(length) + " bytes, of " + std::to_string(std::min(behind, kMaxHeaderBytes)) +
                " that are possible");
  }
  std::string text(length, '\0');
  file.read(kLengthBytes, text.data(), length);
  return {parse_header(text, behind - length, path), kLengthBytes + length};
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
    if (!name_of(tensor.scalar_type())) {
      throw Error("cannot save tensor \"" + name + "\": safetensors has no dtype " + toString(tensor.scalar_type()));
    }
    const uint64_t bytes = tensor.nbytes();
    header.tensors.push_back({name, tensor.scalar_type(), tensor.sizes().vec(), reached, reached + bytes});
    reached += bytes;
  }
  return header;
}

}  // namespace

const at::Tensor* TensorFile::find(std::string_view name) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& entry) { return entry.first == name; });
  return found == tensors.end() ? nullptr : &found->second;
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  const InputFile input(path);
  auto [header, data_start] = read_header(input, path);
  TensorFile file{{}, std::move(header.metadata)};
  file.tensors.reserve(header.tensors.size());
  for (TensorPlace& place : header.tensors) {
    at::Tensor tensor = at::empty(place.shape, at::TensorOptions(place.dtype));
    input.read(data_start + place.begin, tensor.data_ptr(), place.end - place.begin);
    file.tensors.emplace_back(std::move(place.name), std::move(tensor));
  }
  return file;
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& path) {
  const InputFile input(path);
  return read_header(input, path).header.metadata;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  std::vector<size_t> order;
  const SafetensorsHeader header = plan(file, order);
  const std::string text = format_header(header);
  const uint64_t data_bytes = header.tensors.empty() ? 0 : header.tensors.back().end;
  AtomicFile output(path, kLengthBytes + text.size() + data_bytes);
  const uint64_t length = text.size();
  output.write({reinterpret_cast<const char*>(&length), kLengthBytes});
  output.write(text);
  for (const size_t index : order) {
    const at::Tensor tensor = file.tensors[index].second.detach().cpu().contiguous();
    output.write({static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()});
  }
  output.commit();
}

}  // namespace sshost::checkpoint
