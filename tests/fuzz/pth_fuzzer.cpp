// Whole files, of whatever format they look like, with the bytes of every storage.
#include <string>

#include "checkpoint/tensor_index.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  return test::fuzz(data, size, [](const checkpoint::ByteSource& source) {
    const checkpoint::TensorIndex index = read_tensor_index(source);
    std::string bytes;
    for (const checkpoint::StoredBytes& storage : index.storages) {
      bytes.resize(storage.bytes);
      load(source, storage, bytes.data());
    }
  });
}
