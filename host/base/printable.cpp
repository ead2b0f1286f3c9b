#include "base/printable.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace sshost {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Control characters; Unicode's Default_Ignorable_Code_Point; the separators of lines and paragraphs; the marks around
// annotations.
constexpr Range kNotPrintable[] = {{0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},      {0x34f, 0x34f},
                                   {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},  {0x180b, 0x180f},
                                   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},  {0x3164, 0x3164},
                                   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},  {0xfff0, 0xfffb},
                                   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr const char* kHexDigits = "0123456789abcdef";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out.append({'\\', 'x', kHexDigits[value >> 4], kHexDigits[value & 0xf]});
  }
}

// What is in `kept` stays though it is not printable.
std::string written_out(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character first = first_character(text);
    const std::string_view bytes = text.substr(0, first.length == 0 ? 1 : first.length);
    const bool is_kept = first.length == 1 && kept.find(text.front()) != std::string_view::npos;
    if (is_kept || (first.length > 0 && is_printable(first.value))) {
      out += bytes;
    } else {
      append_escaped(out, bytes);
    }
    text.remove_prefix(bytes.size());
  }
  return out;
}

}  // namespace

bool is_printable(uint32_t character) {
  return std::none_of(std::begin(kNotPrintable), std::end(kNotPrintable),
                      [&](const Range& range) { return character >= range.first && character <= range.last; });
}

std::string printable(std::string_view text) { return written_out(text, "\n\t"); }

std::string printable_line(std::string_view text) { return written_out(text, ""); }

}  // namespace sshost
