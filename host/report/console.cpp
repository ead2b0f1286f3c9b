#include "report/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <utility>

#include "base/printable.h"

namespace sshost::report {

Console::Console(std::FILE* stream, std::string speaker)
    : stream_(stream),
      prefix_(speaker.empty() ? "" : std::move(speaker) + ": "),
      terminal_(prefix_.empty() && isatty(fileno(stream)) != 0) {}

Console::~Console() { clear_status(); }

int Console::width() const {
  winsize size{};
  if (!terminal_ || ioctl(fileno(stream_), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void Console::line(std::string_view text) {
  const std::string shown = printable(text);
  const std::lock_guard lock(mutex_);
  erase();
  std::fprintf(stream_, "%s%s\n%s", prefix_.c_str(), shown.c_str(), status_.c_str());
  std::fflush(stream_);
}

void Console::status(std::string_view text) {
  if (!terminal_ || !shows_status_) return;
  const std::string shown = printable(text);
  const std::lock_guard lock(mutex_);
  erase();
  status_ = first_columns(shown, width() - 1);  // a full last column would wrap
  std::fputs(status_.c_str(), stream_);
  std::fflush(stream_);
}

void Console::clear_status() {
  const std::lock_guard lock(mutex_);
  erase();
  status_.clear();
  std::fflush(stream_);
}

void Console::erase() {
  if (!status_.empty()) std::fputs("\r\x1b[2K", stream_);
}

std::string_view first_columns(std::string_view text, int columns) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins && columns-- <= 0) return text.substr(0, i);
  }
  return text;
}

}  // namespace sshost::report
