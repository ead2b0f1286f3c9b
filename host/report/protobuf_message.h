#ifndef SSHOST_REPORT_PROTOBUF_MESSAGE_H
#define SSHOST_REPORT_PROTOBUF_MESSAGE_H

#include <cstdint>
#include <string>
#include <string_view>

namespace sshost::report {

// A message in the wire format of Protocol Buffers, written field by field (protobuf.dev, "Encoding"): what few fields
// an event file needs, without a generator and its runtime. Numbers are those of the message's .proto file.
class ProtobufMessage {
 public:
  void add_integer(int field, uint64_t value);  // int32, int64, enums of no negative value
  void add_float(int field, float value);
  void add_double(int field, double value);
  void add_bytes(int field, std::string_view value);  // bytes, string
  void add_message(int field, const ProtobufMessage& value) { add_bytes(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void add_varint(uint64_t value);

  std::string bytes_;
};

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PROTOBUF_MESSAGE_H
