#include "base/printable.h"

#include <cstdint>

#include "base/utf8.h"

namespace sshost {
namespace {

bool is_obeyed(uint32_t character) {
  if (character == '\n' || character == '\t') return false;
  if (character < 0x20 || (character >= 0x7f && character < 0xa0)) return true;
  return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr const char* kHexDigits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out.append({'\\', 'x', kHexDigits[value >> 4], kHexDigits[value & 0xf]});
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character first = first_character(text);
    const std::string_view bytes = text.substr(0, first.length == 0 ? 1 : first.length);
    if (first.length == 0 || is_obeyed(first.value)) {
      append_escaped(out, bytes);
    } else {
      out += bytes;
    }
    text.remove_prefix(bytes.size());
  }
  return out;
}

}  // namespace sshost
