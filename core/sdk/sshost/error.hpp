// Errors and text at the boundary between a plugin and its host.
//
// Inside a plugin everything is an exception. What leaves it is a status with a message: each function that the host
// calls runs inside `detail::guarded`. A host function that fails throws ss::Error with the host's message.
#ifndef SSHOST_ERROR_HPP
#define SSHOST_ERROR_HPP

#include <sshost/abi/host.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

// Everything of the SDK is hidden, whatever the plugin's flags: two plugins in one process share nothing.
#define SS_HIDDEN [[gnu::visibility("hidden")]]

namespace ss {
inline namespace SS_HIDDEN v1 {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ss_status status = SS_INVALID_ARGUMENT)
      : std::runtime_error(message), status_(status) {}
  ss_status status() const { return status_; }

 private:
  ss_status status_;
};

namespace detail {

// Set once, by the plugin's entry, before anything else of the plugin runs.
inline constinit const ss_host* host = nullptr;

inline ss_string to_abi(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(ss_string text) {
  return text.size == 0 ? std::string_view{} : std::string_view(text.data, text.size);
}

// Throws the host's message where one of its functions failed.
inline void check(ss_status status) {
  if (status != SS_OK) throw Error(std::string(view(host->message(host))), status);
}

// Hands `message` to the host as "where: message". The host adds the component's name and the library's path.
inline ss_status fail(ss_status status, const char* where, const char* message) noexcept {
  try {
    return host->fail(host, status, to_abi(std::string(where) + ": " + message));
  } catch (...) {  // no memory left for the text
    return host->fail(host, status, to_abi(where));
  }
}

// Runs `body` and turns an exception into a status. `where` is the function's name in the contract, such as "embed".
// A body that returns an ss_status has it passed on.
template <class Body>
ss_status guarded(const char* where, Body&& body) noexcept {
  try {
    if constexpr (std::is_same_v<decltype(body()), ss_status>) {
      return body();
    } else {
      body();
      return SS_OK;
    }
  } catch (const Error& error) {
    return fail(error.status(), where, error.what());
  } catch (const std::bad_alloc&) {
    return fail(SS_OUT_OF_MEMORY, where, "out of memory");
  } catch (const std::exception& error) {
    return fail(SS_INTERNAL, where, error.what());
  } catch (...) {
    return fail(SS_INTERNAL, where, "threw something that is not a std::exception");
  }
}

}  // namespace detail

// One line for the run's log.
inline void log_info(std::string_view message) {
  detail::host->log(detail::host, SS_LOG_INFO, detail::to_abi(message));
}
inline void log_warning(std::string_view message) {
  detail::host->log(detail::host, SS_LOG_WARNING, detail::to_abi(message));
}

}  // namespace v1
}  // namespace ss

#endif
