#ifndef SSHOST_CHECKPOINT_ZIP_DIRECTORY_H
#define SSHOST_CHECKPOINT_ZIP_DIRECTORY_H

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/byte_source.h"

namespace sshost::checkpoint {

// One file inside a zip archive; its bytes lie in the archive as they are.
struct ZipEntry {
  std::string name;
  uint64_t position = 0;
  uint64_t bytes = 0;
  uint32_t crc32 = 0;  // 0: the writer did not compute it
};

// The entries of a zip archive (with the 64-bit extension) as PyTorch writes it: stored, neither compressed nor
// encrypted. So no entry is larger than the archive. Throws Error where the archive is damaged, where names repeat or
// where the bytes of two entries overlap, and for one that is compressed.
std::vector<ZipEntry> read_zip_directory(const ByteSource& source);

// Throws the Error for an archive that torch.jit.save wrote.
[[noreturn]] void refuse_program(const ByteSource& source);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_ZIP_DIRECTORY_H
