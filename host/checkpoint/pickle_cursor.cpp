#include "checkpoint/pickle_cursor.h"

#include <algorithm>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr uint64_t kBufferBytes = 1 << 16;
constexpr size_t kMaxLine = 1 << 16;

}  // namespace

PickleCursor::PickleCursor(const ByteSource& source, uint64_t begin, uint64_t end)
    : source_(source), end_(std::min(end, source.size())), buffer_begin_(std::min(begin, end_)) {}

void PickleCursor::fail(const std::string& what) const {
  throw Error(source_.name() + ": damaged, or not a checkpoint: " + what + " at byte " + std::to_string(position()));
}

void PickleCursor::fill() {
  buffer_begin_ += next_;
  next_ = 0;
  if (buffer_begin_ >= end_) fail("its pickle ends too early");
  buffer_.resize(std::min(kBufferBytes, end_ - buffer_begin_));
  source_.read(buffer_begin_, buffer_.data(), buffer_.size());
}

uint8_t PickleCursor::byte() {
  if (next_ == buffer_.size()) fill();
  return static_cast<uint8_t>(buffer_[next_++]);
}

uint64_t PickleCursor::little_endian(unsigned bytes) {
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= static_cast<uint64_t>(byte()) << 8 * i;
  return value;
}

std::string PickleCursor::bytes(uint64_t count) {
  if (count > remaining()) fail("a text of " + std::to_string(count) + " bytes does not fit");
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    if (next_ == buffer_.size()) fill();
    const size_t part = std::min<size_t>(count - text.size(), buffer_.size() - next_);
    text.append(buffer_.data() + next_, part);
    next_ += part;
  }
  return text;
}

std::string PickleCursor::line() {
  std::string text;
  for (char next = static_cast<char>(byte()); next != '\n'; next = static_cast<char>(byte())) {
    if (text.size() == kMaxLine) fail("a line without an end");
    text += next;
  }
  return text;
}

}  // namespace sshost::checkpoint
