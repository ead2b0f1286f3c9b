#include "output/npy_file.h"

#include <ATen/core/Tensor.h>

#include <bit>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "file/atomic_file.h"

namespace sshost::output {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr size_t kAlignment = 64;  // of the data in the file

std::string header_of(const at::Tensor& tensor) {
  std::string text = "{'descr': '";
  text += tensor.scalar_type() == at::kHalf ? "<f2" : "<f4";
  text += "', 'fortran_order': False, 'shape': (";
  for (const int64_t size : tensor.sizes()) text += std::to_string(size) + ",";
  text += "), }";
  constexpr size_t before = 10;  // magic, version, length
  while ((before + text.size() + 1) % kAlignment != 0) text += ' ';
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace

void write_npy(const std::filesystem::path& path, const at::Tensor& tensor) {
  if (tensor.scalar_type() != at::kHalf && tensor.scalar_type() != at::kFloat) {
    throw Error(path.string() + ": expected float16 or float32");
  }
  const at::Tensor values = tensor.cpu().contiguous();
  const std::string header = header_of(values);
  file::AtomicFile file(path, header.size() + values.nbytes());
  file.write(header);
  file.write({static_cast<const char*>(values.const_data_ptr()), values.nbytes()});
  file.commit();
}

}  // namespace sshost::output
