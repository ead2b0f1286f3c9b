// Errors at the boundary: exceptions on the host's side become a status and a message, and a plugin's status becomes an
// exception. Nothing is thrown through a plugin.
//
// Threads: the message belongs to the calling thread.
#ifndef SSHOST_BRIDGE_BOUNDARY_H
#define SSHOST_BRIDGE_BOUNDARY_H

#include <sshost/abi/status.h>

#include <string_view>
#include <type_traits>
#include <utility>

#include "base/status_error.h"

namespace sshost::bridge {

// Keeps `message` in the thread's slot and returns `status`.
ss_status fail(ss_status status, std::string_view message) noexcept;

// The thread's last message; valid until its next failure.
std::string_view message() noexcept;

// For a catch block: keeps the exception's message and returns its status. LibTorch's messages are cut to what the
// operator said, without the stack of calls.
ss_status fail_with_current_exception() noexcept;

// Runs the body of a function of the ABI. It returns an ss_status or nothing, which means SS_OK.
template <typename Function>
ss_status guarded(Function&& function) noexcept {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Function>>) {
      std::forward<Function>(function)();
      return SS_OK;
    } else {
      return std::forward<Function>(function)();
    }
  } catch (...) {
    return fail_with_current_exception();
  }
}

// Throws where a plugin's function failed: StatusError("<who>: <the thread's message>"), and the slot is emptied.
// `who` names the component and its library, such as "head psp (plugins/psp.so)".
void check(ss_status status, std::string_view who);

// For a catch block around a plugin's function: throws StatusError("<who>: ...") with what the exception says, which
// has left the function although none may.
[[noreturn]] void throw_escaped(std::string_view who);

// Calls a function of a plugin. What it throws, which the contract forbids, becomes a StatusError that names `who`.
template <typename Work>
auto call_plugin(std::string_view who, Work&& work) -> std::invoke_result_t<Work> {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    throw_escaped(who);
  }
}

// "invalid argument", "not found" and so on.
std::string_view status_text(ss_status status) noexcept;

// ss_string <-> string_view. A view's characters are borrowed.
inline std::string_view view(ss_string text) noexcept { return {text.size == 0 ? "" : text.data, text.size}; }
inline ss_string to_ss_string(std::string_view text) noexcept { return {text.data(), text.size()}; }

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_BOUNDARY_H
