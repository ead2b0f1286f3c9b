#include "checkpoint/zip_directory.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  return test::fuzz(data, size, [](const checkpoint::ByteSource& source) {
    for (const checkpoint::ZipEntry& entry : read_zip_directory(source)) {
      if (entry.position + entry.bytes > source.size()) __builtin_trap();
    }
  });
}
