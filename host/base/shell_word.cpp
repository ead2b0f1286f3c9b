#include "base/shell_word.h"

#include <algorithm>
#include <cstdio>

namespace sshost {

namespace {

// Those that mean themselves in every place; bytes beyond ASCII do, too.
bool is_plain(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  const bool is_alphanumeric =
      (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  return is_alphanumeric || byte > 127 || std::string_view("_-./:=+,@%").find(letter) != std::string_view::npos;
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }

// As bash, zsh and ksh know it: $'a\x0ab'.
std::string escaped(std::string_view text) {
  std::string word = "$'";
  for (const char letter : text) {
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(letter) & 0xff);
    const bool is_mark = letter == '\'' || letter == '\\';
    word += is_control(letter) ? code : is_mark ? std::string("\\") + letter : std::string(1, letter);
  }
  return word + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  if (std::any_of(text.begin(), text.end(), is_control)) return escaped(text);
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? "'\\''" : std::string(1, letter);
  return word + "'";
}

}  // namespace sshost
