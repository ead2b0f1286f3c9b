#include "plugin/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

namespace sshost::plugin {
namespace {

constexpr size_t kMostReported = 1 << 20;
constexpr size_t kMostPrinted = 400;

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

  void put(const std::string& text) const {
    // The parent sees what is missing as what was put before.
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, text.data(), text.size(), 0) < 0) _exit(EXIT_FAILURE);
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

rlim_t address_space() {
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  file >> pages;
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

void limit_child(const ChildLimits& limits) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (limits.bytes > 0) {
    const rlim_t most = address_space() + limits.bytes;
    const rlimit memory{most, most};
    setrlimit(RLIMIT_AS, &memory);
  }
  const itimerval timer{{0, 0}, {limits.time.count() / 1000, (limits.time.count() % 1000) * 1000}};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

[[noreturn]] void run_child(const ChildLimits& limits, const std::function<void(const ChildReport&)>& work,
                            const SharedText& report, const SharedText& output) {
  restore_signals();
  limit_child(limits);
  dup2(output.descriptor(), STDOUT_FILENO);
  dup2(output.descriptor(), STDERR_FILENO);
  work([&](const std::string& text) { report.put(text); });
  _exit(EXIT_SUCCESS);
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

// A child that has turned its alarm off ends all the same.
void end_behind(pid_t child, std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds kGrace{1000};
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (descriptor < 0) return;
  pollfd ended{descriptor, POLLIN, 0};
  const auto limit = static_cast<int>((time + kGrace).count());
  if (poll(&ended, 1, limit) == 0) kill(child, SIGKILL);
  close(descriptor);
}

// How the child ended, or nullopt where a handler of this process has collected it.
std::optional<int> wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == ECHILD) return std::nullopt;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

}  // namespace

ChildEnd run_in_child(const ChildLimits& limits, const std::function<void(const ChildReport&)>& work) {
  const SharedText report("sshost-child-report");
  const SharedText output("sshost-child-output");
  const ChildrenLeaveStatus children;
  std::fflush(nullptr);  // what is buffered now, a child that calls exit would write a second time
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) run_child(limits, work, report, output);
  end_behind(child, limits.time);
  const std::optional<int> status = wait_for(child);
  return {status, report.tail(kMostReported), one_line(output.tail(kMostPrinted))};
}

bool has_timed_out(const ChildEnd& end) {
  return end.status && WIFSIGNALED(*end.status) && WTERMSIG(*end.status) == SIGALRM;
}

std::string words_of(const ChildEnd& end, const ChildLimits& limits) {
  const std::string limit = std::to_string(limits.time.count()) + " ms";
  if (!end.status) return " crashes, ends the process, or takes longer than " + limit;
  if (!WIFSIGNALED(*end.status)) return " ends the process with exit code " + std::to_string(WEXITSTATUS(*end.status));
  const int number = WTERMSIG(*end.status);
  if (number == SIGALRM || number == SIGKILL) return " did not finish within " + limit;
  return " crashes with " + name_of_signal(number) + " (" + strsignal(number) + ")";
}

}  // namespace sshost::plugin
