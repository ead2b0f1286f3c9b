#include "report/protobuf_message.h"

#include <bit>

#include "report/little_endian.h"

namespace sshost::report {
namespace {

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

uint64_t tag(int field, WireType type) { return (static_cast<uint64_t>(field) << 3) | type; }

}  // namespace

void ProtobufMessage::add_varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>((value & 0x7f) | 0x80));
  bytes_.push_back(static_cast<char>(value));
}

void ProtobufMessage::add_integer(int field, uint64_t value) {
  add_varint(tag(field, kVarint));
  add_varint(value);
}

void ProtobufMessage::add_float(int field, float value) {
  add_varint(tag(field, kFixed32));
  append_little_endian(bytes_, std::bit_cast<uint32_t>(value));
}

void ProtobufMessage::add_double(int field, double value) {
  add_varint(tag(field, kFixed64));
  append_little_endian(bytes_, std::bit_cast<uint64_t>(value));
}

void ProtobufMessage::add_bytes(int field, std::string_view value) {
  add_varint(tag(field, kLengthDelimited));
  add_varint(value.size());
  bytes_ += value;
}

}  // namespace sshost::report
