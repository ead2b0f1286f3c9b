#include "base/shell_word.h"

#include <algorithm>

namespace sshost {

namespace {

// Those that mean themselves in every place; bytes beyond ASCII do, too.
bool is_plain(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  const bool is_alphanumeric =
      (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  return is_alphanumeric || byte > 127 || std::string_view("_-./:=+,@%").find(letter) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? "'\\''" : std::string(1, letter);
  return word + "'";
}

}  // namespace sshost
