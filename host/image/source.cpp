#include "image/source.h"

#include <algorithm>
#include <cstring>

namespace sshost::image {

size_t FileSource::read(uint64_t offset, void* out, size_t bytes) const noexcept {
  try {
    return file_.read(offset, out, bytes);
  } catch (const std::exception&) {
    return 0;
  }
}

size_t MemorySource::read(uint64_t offset, void* out, size_t bytes) const noexcept {
  if (bytes == 0 || offset >= bytes_.size()) return 0;
  const size_t count = std::min<uint64_t>(bytes, bytes_.size() - offset);
  std::memcpy(out, bytes_.data() + offset, count);
  return count;
}

bool Cursor::fill() {
  if (taken_ >= most_) return false;
  begin_ = 0;
  end_ = source_.read(offset_, buffer_.data(), std::min<uint64_t>(buffer_.size(), most_ - taken_));
  offset_ += end_;
  taken_ += end_;
  return end_ > 0;
}

bool Cursor::read(void* out, size_t bytes) {
  auto* next = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    if (begin_ == end_ && !fill()) return false;
    const size_t count = std::min(bytes, end_ - begin_);
    std::memcpy(next, buffer_.data() + begin_, count);
    begin_ += count;
    next += count;
    bytes -= count;
  }
  return true;
}

std::span<const uint8_t> Cursor::next() {
  if (begin_ == end_ && !fill()) return {};
  const std::span<const uint8_t> bytes(buffer_.data() + begin_, end_ - begin_);
  begin_ = end_;
  return bytes;
}

void Cursor::skip(uint64_t bytes) {
  const size_t here = std::min<uint64_t>(bytes, end_ - begin_);
  begin_ += here;
  offset_ += std::min(bytes - here, source_.size() - std::min(source_.size(), offset_));
}

void Cursor::move_to(uint64_t offset) {
  begin_ = end_ = 0;
  offset_ = offset;
}

const char* Cursor::reason() const {
  return taken_ >= most_ ? "it holds more bytes than an image of its size can need" : "the file ends too early";
}

}  // namespace sshost::image
