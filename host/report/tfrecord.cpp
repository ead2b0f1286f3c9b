#include "report/tfrecord.h"

#include <array>

#include "report/little_endian.h"

namespace sshost::report {
namespace {

constexpr std::array<uint32_t, 256> make_table() {
  constexpr uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kReversedPolynomial : 0);
    table[byte] = remainder;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = make_table();

// A CRC that is stored beside data which may hold CRCs itself is rotated and shifted, as the format demands.
uint32_t masked(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8U; }

}  // namespace

uint32_t crc32c(std::string_view data) {
  uint32_t crc = 0xffffffff;
  for (const char c : data) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

std::string tfrecord(std::string_view data) {
  std::string frame;
  append_little_endian(frame, static_cast<uint64_t>(data.size()));
  append_little_endian(frame, masked(crc32c(frame)));
  frame += data;
  append_little_endian(frame, masked(crc32c(data)));
  return frame;
}

}  // namespace sshost::report
