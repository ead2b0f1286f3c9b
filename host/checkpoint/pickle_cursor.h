#ifndef SSHOST_CHECKPOINT_PICKLE_CURSOR_H
#define SSHOST_CHECKPOINT_PICKLE_CURSOR_H

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/byte_source.h"

namespace sshost::checkpoint {

// Reads a part of a source from its beginning to its end, through a small buffer. Functions throw Error past the end.
class PickleCursor {
 public:
  PickleCursor(const ByteSource& source, uint64_t begin, uint64_t end);

  uint64_t position() const { return buffer_begin_ + next_; }
  uint64_t remaining() const { return end_ - position(); }

  uint8_t byte();
  uint64_t little_endian(unsigned bytes);  // up to 8
  std::string bytes(uint64_t count);
  std::string line();  // up to a line feed, which is left out

  // Throws Error: "<file>: damaged, or not a checkpoint: <what> at byte <n>".
  [[noreturn]] void fail(const std::string& what) const;

 private:
  void fill();

  const ByteSource& source_;
  uint64_t end_;
  uint64_t buffer_begin_;
  size_t next_ = 0;
  std::vector<char> buffer_;
};

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PICKLE_CURSOR_H
