#include "plugin/kept_process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <cstring>
#include <fstream>

namespace sshost::plugin {
namespace {

// umask() only tells it by changing it, in which moment another thread may make a file.
mode_t current_mask() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Umask:")) return static_cast<mode_t>(std::strtoul(line.c_str() + 6, nullptr, 8));
  }
  return 022;
}

std::string current_locale() {
  const char* name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? "C" : name;
}

bool is_same_file(int first, int second) {
  struct stat a {
  }, b{};
  return fstat(first, &a) == 0 && fstat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

KeptProcess::KeptProcess()
    : folder_(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)), locale_(current_locale()), mask_(current_mask()) {
  std::fegetenv(&rounding_);
  for (int number = 1; number < NSIG; ++number) sigaction(number, nullptr, &signals_[static_cast<size_t>(number)]);
}

KeptProcess::~KeptProcess() {
  restore();
  if (folder_ >= 0) close(folder_);
}

std::vector<std::string> KeptProcess::restore() {
  std::vector<std::string> changed = restore_signals();
  if (restore_folder()) changed.emplace_back("the working directory");
  if (restore_locale()) changed.emplace_back("the locale");
  if (restore_mask()) changed.emplace_back("the mask of new files");
  if (restore_rounding()) changed.emplace_back("how numbers are rounded");
  return changed;
}

bool KeptProcess::restore_folder() const {
  if (folder_ < 0) return false;
  const int now = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool is_same = now >= 0 && is_same_file(now, folder_);
  if (now >= 0) close(now);
  return !is_same && fchdir(folder_) == 0;
}

bool KeptProcess::restore_locale() const {
  if (current_locale() == locale_) return false;
  std::setlocale(LC_ALL, locale_.c_str());
  return true;
}

bool KeptProcess::restore_mask() const {
  if (current_mask() == mask_) return false;
  umask(mask_);
  return true;
}

bool KeptProcess::restore_rounding() const {
  std::fenv_t now{};
  std::fegetenv(&now);
  std::fesetenv(&rounding_);
#if defined(__x86_64__)
  constexpr unsigned kFlags = 0x3f;  // of exceptions that have come up, which every division sets
  return (now.__mxcsr & ~kFlags) != (rounding_.__mxcsr & ~kFlags) || now.__control_word != rounding_.__control_word;
#else
  return false;
#endif
}

std::vector<std::string> KeptProcess::restore_signals() const {
  std::vector<std::string> changed;
  for (int number = 1; number < NSIG; ++number) {
    const struct sigaction& before = signals_[static_cast<size_t>(number)];
    struct sigaction now {};
    if (sigaction(number, nullptr, &now) != 0 || now.sa_handler == before.sa_handler) continue;
    sigaction(number, &before, nullptr);
    const char* name = sigabbrev_np(number);
    changed.push_back("what " + (name == nullptr ? "signal " + std::to_string(number) : "SIG" + std::string(name)) +
                      " does");
  }
  return changed;
}

}  // namespace sshost::plugin
