#include "cli/crash.h"

#include <execinfo.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string_view>

#include "plugin/at_work.h"
#include "plugin/library.h"

namespace sshost::cli {
namespace {

// Where the handler runs if the main thread's own stack is what has run out.
alignas(16) char spare_stack[1 << 16];

// Nothing but what a signal handler may call.
void say(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // there is nobody left to tell
}

// Of the threads that a plugin starts itself nobody knows who is at work: the library whose code is nearest.
void say_library() {
  void* addresses[64];
  const int count = backtrace(addresses, 64);
  for (int i = 0; i < count; ++i) {
    const char* library = plugin::plugin_of_address(addresses[i]);
    if (library == nullptr) continue;
    say(" in code of ");
    say(library);
    return;
  }
}

extern "C" void tell_of_crash(int number) {
  const char* name = sigabbrev_np(number);
  say("error: crashed with SIG");
  say(name == nullptr ? "?" : name);
  if (const char* who = plugin::AtWork::on_this_thread()) {
    say(" in ");
    say(who);
  } else {
    say_library();
  }
  say("\n");
  raise(number);  // the handler is gone: as if it had never been there
}

}  // namespace

void name_crashes() {
  void* nothing[1];
  backtrace(nothing, 1);  // loads what it needs, which a handler may not
  stack_t stack{};
  stack.ss_sp = spare_stack;
  stack.ss_size = sizeof spare_stack;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = tell_of_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(number, &action, nullptr);
}

}  // namespace sshost::cli
