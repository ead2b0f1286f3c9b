#include "checkpoint/safetensors_header.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  return test::fuzz(data, size, [](const checkpoint::ByteSource& source) {
    for (const checkpoint::StoredBytes& storage : read_safetensors_index(source).storages) {
      if (storage.position + storage.bytes > source.size()) __builtin_trap();
    }
  });
}
