#ifndef SSHOST_PLUGINS_COCOSTUFF10K_MAT_STREAM_H
#define SSHOST_PLUGINS_COCOSTUFF10K_MAT_STREAM_H

#include <cstddef>
#include <memory>
#include <string_view>

namespace cocostuff10k {

// Bytes of a MATLAB file, one behind the other.
class MatStream {
 public:
  virtual ~MatStream() = default;

  // Throws ss::Error where fewer are left.
  virtual void read(void* out, std::size_t bytes) = 0;
};

// As they stand. Borrows them, as the other does.
std::unique_ptr<MatStream> open_plain(std::string_view bytes);

// What zlib makes of them, no more at once than is asked for.
std::unique_ptr<MatStream> open_compressed(std::string_view bytes);

}  // namespace cocostuff10k

#endif  // SSHOST_PLUGINS_COCOSTUFF10K_MAT_STREAM_H
