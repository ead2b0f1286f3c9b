#include "cli/ended_by_plugin.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "cli/failure.h"
#include "plugin/at_work.h"
#include "plugin/library.h"

namespace sshost::cli {
namespace {

bool tells_json = false;

[[noreturn]] void leave(int code) {
  syscall(SYS_exit_group, code);
  __builtin_unreachable();
}

// On a thread of a plugin's own nobody is at work, but the call comes from its code.
std::string plugin_at(const void* caller) {
  if (const char* who = plugin::AtWork::on_this_thread()) return who;
  const char* library = plugin::plugin_of_address(caller);
  return library == nullptr ? "" : "code of " + std::string(library);
}

// Returns where it is no plugin that ends the process. Nothing is destroyed: other threads are at work.
void tell_of_plugin(const char* how, const void* caller) {
  const std::string who = plugin_at(caller);
  if (who.empty()) return;
  const int code =
      tell({kFailed, who + ": it ended the process by " + how + ", which is not a plugin's to end"}, tells_json);
  std::fflush(nullptr);
  leave(code);
}

// The C library's own function, which ours stands in front of.
[[noreturn]] void go_on(const char* name, int code) {
  if (void* next = dlsym(RTLD_NEXT, name)) reinterpret_cast<void (*)(int)>(next)(code);
  leave(code);
}

}  // namespace

void tell_of_ends_by_plugins(bool as_json) { tells_json = as_json; }

}  // namespace sshost::cli

// In front of those of the C library, for all libraries of the process.
extern "C" {
[[gnu::visibility("default")]] void exit(int code) noexcept {
  sshost::cli::tell_of_plugin("exit()", __builtin_return_address(0));
  sshost::cli::go_on("exit", code);
}

[[gnu::visibility("default")]] void quick_exit(int code) noexcept {
  sshost::cli::tell_of_plugin("quick_exit()", __builtin_return_address(0));
  sshost::cli::go_on("quick_exit", code);
}

[[gnu::visibility("default")]] void _exit(int code) {
  sshost::cli::tell_of_plugin("_exit()", __builtin_return_address(0));
  sshost::cli::leave(code);
}

[[gnu::visibility("default")]] void _Exit(int code) noexcept {
  sshost::cli::tell_of_plugin("_Exit()", __builtin_return_address(0));
  sshost::cli::leave(code);
}
}
