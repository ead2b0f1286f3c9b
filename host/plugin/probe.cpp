#include "plugin/probe.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "plugin/descriptor.h"
#include "plugin/library.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

// How far the child came, as the first byte of its report; the reason follows kRefused.
enum class Stage : char { kLoading = 'l', kEntry = 'e', kDescriptor = 'd', kRefused = 'r', kDone = '.' };

// A file in memory that parent and child share. Unlike a pipe it takes any amount without a reader.
class SharedText {
 public:
  explicit SharedText(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  ~SharedText() { close(descriptor_); }
  SharedText(const SharedText&) = delete;
  SharedText& operator=(const SharedText&) = delete;

  int descriptor() const { return descriptor_; }

  void put(Stage stage, const std::string& text = {}) const {
    const std::string all = static_cast<char>(stage) + text;
    // The parent sees what is missing as the stage before.
    if (pwrite(descriptor_, all.data(), all.size(), 0) < 0) _exit(EXIT_FAILURE);
  }

  // The last part of it.
  std::string tail(size_t longest) const {
    const off_t size = std::max<off_t>(lseek(descriptor_, 0, SEEK_END), 0);
    const off_t from = std::max<off_t>(size - static_cast<off_t>(longest), 0);
    std::string text(static_cast<size_t>(size - from), '\0');
    const ssize_t count = pread(descriptor_, text.data(), text.size(), from);
    text.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
    return text;
  }

 private:
  int descriptor_;
};

// Whatever the host, a sanitizer or a test has installed: in the child a signal just ends the process.
void restore_signals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_UNBLOCK, &all, nullptr);
}

void limit_child(std::chrono::milliseconds limit) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const itimerval timer{{0, 0}, {limit.count() / 1000, (limit.count() % 1000) * 1000}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

[[noreturn]] void run_child(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit,
                            const SharedText& report, const SharedText& output) {
  restore_signals();
  limit_child(limit);
  dup2(output.descriptor(), STDOUT_FILENO);
  dup2(output.descriptor(), STDERR_FILENO);
  report.put(Stage::kLoading);
  try {
    const ss_plugin_entry_function entry = open_library(path);
    report.put(Stage::kEntry);
    const ss_plugin* plugin = call_entry(entry, host);
    report.put(Stage::kDescriptor);
    check_descriptor(plugin);
    report.put(Stage::kDone);
  } catch (const std::exception& error) {
    report.put(Stage::kRefused, error.what());
  }
  _exit(EXIT_SUCCESS);
}

std::string name_of_stage(Stage stage) {
  switch (stage) {
    case Stage::kEntry:
      return "calling its function " SS_PLUGIN_ENTRY;
    case Stage::kDescriptor:
      return "reading its descriptor";
    default:
      return "loading it";
  }
}

std::string name_of_signal(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? "signal " + std::to_string(number) : "SIG" + std::string(name);
}

// All on one line.
std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::string name_of_end(std::optional<int> status, std::chrono::milliseconds limit) {
  if (!status) return " crashes, ends the process, or takes longer than " + std::to_string(limit.count()) + " ms";
  if (!WIFSIGNALED(*status)) return " ends the process with exit code " + std::to_string(WEXITSTATUS(*status));
  const int number = WTERMSIG(*status);
  if (number == SIGALRM) return " did not finish within " + std::to_string(limit.count()) + " ms";
  return " crashes with " + name_of_signal(number) + " (" + strsignal(number) + ")";
}

[[noreturn]] void refuse_ended(std::optional<int> status, Stage stage, std::chrono::milliseconds limit,
                               const SharedText& output) {
  const std::string reason = name_of_stage(stage) + name_of_end(status, limit);
  const std::string printed = one_line(output.tail(400));
  throw Refused(reason + (printed.empty() ? "" : "; it printed: " + printed));
}

// Children of a process that ignores SIGCHLD, as it may have inherited, leave no status: not so while this lives. A
// handler is left alone.
class ChildrenLeaveStatus {
 public:
  ChildrenLeaveStatus() {
    sigaction(SIGCHLD, nullptr, &before_);
    was_ignored_ = before_.sa_handler == SIG_IGN;
    if (was_ignored_) signal(SIGCHLD, SIG_DFL);
  }
  ~ChildrenLeaveStatus() {
    if (was_ignored_) sigaction(SIGCHLD, &before_, nullptr);
  }
  ChildrenLeaveStatus(const ChildrenLeaveStatus&) = delete;
  ChildrenLeaveStatus& operator=(const ChildrenLeaveStatus&) = delete;

 private:
  struct sigaction before_ {};
  bool was_ignored_ = false;
};

// How the child ended, or nullopt where a handler of this process has collected it.
std::optional<int> wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == ECHILD) return std::nullopt;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

bool timed_out(std::optional<int> status) { return status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGALRM; }

// False where the child did not come to an end within the limit. Throws Refused with whatever else is wrong.
bool try_in_child(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit,
                  bool is_last) {
  const SharedText report("sshost-probe-report");
  const SharedText output("sshost-probe-output");
  const ChildrenLeaveStatus children;
  std::fflush(nullptr);  // what is buffered now, a child that calls exit would write a second time
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) run_child(path, host, limit, report, output);
  const std::optional<int> status = wait_for(child);
  const std::string text = report.tail(1 << 16);
  const Stage stage = text.empty() ? Stage::kLoading : static_cast<Stage>(text.front());
  if (stage == Stage::kRefused) throw Refused(text.substr(1));
  if (stage == Stage::kDone) return true;
  if (timed_out(status) && !is_last) return false;
  refuse_ended(status, stage, limit, output);
}

}  // namespace

// A child inherits locks as they are, and of the threads that may hold them only the one that forks. The C library sees
// to its own heap and streams, but not to the dynamic linker, whose lock another thread may have held for a moment: such
// a child waits for ever. So the first ones are given up early, and the last one has all the time.
void probe(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kFirst{2000}, kSecond{6000};
  for (const std::chrono::milliseconds early : {kFirst, kSecond}) {
    if (early < limit && try_in_child(path, host, early, false)) return;
  }
  try_in_child(path, host, limit, true);
}

}  // namespace sshost::plugin
