#include "plugin/library_hash.h"

#include <sys/types.h>
// libmd: dpkg's own implementation, 50 KB without dependencies, where libcrypto would bring 4 MB and its own symbols
// into the process.
#include <sha2.h>

#include <algorithm>
#include <cstdint>

#include "plugin/library_file.h"

namespace sshost::plugin {

std::string sha256_of(const std::filesystem::path& file) {
  constexpr uint64_t kPiece = uint64_t{1} << 20;
  const LibraryFile library(file);
  SHA2_CTX state;
  SHA256Init(&state);
  for (uint64_t offset = 0; offset < library.size(); offset += kPiece) {
    const std::string piece = library.read(offset, std::min(kPiece, library.size() - offset), "its content");
    SHA256Update(&state, reinterpret_cast<const uint8_t*>(piece.data()), piece.size());
  }
  char text[SHA256_DIGEST_STRING_LENGTH];
  return SHA256End(&state, text);
}

}  // namespace sshost::plugin
