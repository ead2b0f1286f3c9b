#include "cli/streams.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/printable.h"
#include "base/utf8.h"

namespace sshost::cli {
namespace {

// JSON's escape of a character of Unicode: one of 16 bits, or two.
std::string json_escape(uint32_t character) {
  char text[16];
  if (character < 0x10000) {
    std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(character));
  } else {
    const uint32_t rest = character - 0x10000;
    std::snprintf(text, sizeof text, "\\u%04x\\u%04x", static_cast<unsigned>(0xd800 + (rest >> 10)),
                  static_cast<unsigned>(0xdc00 + (rest & 0x3ff)));
  }
  return text;
}

// A document in which what no reader sees, which stands within its texts alone, is written out. Its own line breaks stay.
std::string with_escapes(std::string_view document) {
  std::string out;
  out.reserve(document.size());
  while (!document.empty()) {
    const Utf8Character first = first_character(document);
    const bool stays = first.value == '\n' || is_printable(first.value);
    out += stays ? std::string(document.substr(0, first.length)) : json_escape(first.value);
    document.remove_prefix(first.length);
  }
  return out;
}

bool leads_to_a_process(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

}  // namespace

// The lowest descriptor that is free is the one that open gives.
void open_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", O_RDWR) < 0) return;  // NOLINT(cppcoreguidelines-pro-type-vararg): it stays open
  }
}

void require_written_output() {
  std::cout.flush();
  errno = 0;
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  if (is_written || leads_to_a_process(STDOUT_FILENO)) return;
  throw Error("standard output could not be written" + (errno == 0 ? "" : std::string(": ") + std::strerror(errno)));
}

void print_document(const nlohmann::json& document) {
  const std::string text = document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  std::printf("%s\n", with_escapes(text).c_str());
}

}  // namespace sshost::cli
