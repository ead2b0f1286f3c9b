// Errors at the library's boundary: what the host throws becomes a code and an object with the text.
#ifndef SSHOST_API_ERROR_H
#define SSHOST_API_ERROR_H

#include <string>
#include <type_traits>
#include <utility>

#include "api/sshost/api.h"
#include "base/error.h"

namespace sshost::api {

// A call that cannot be taken, with its code.
class CallError : public Error {
 public:
  CallError(sshost_code code, const std::string& message) : Error(message), code_(code) {}
  sshost_code code() const { return code_; }

 private:
  sshost_code code_;
};

[[noreturn]] inline void refuse(const std::string& message) { throw CallError(SSHOST_INVALID_ARGUMENT, message); }

// For a catch block: the code of the exception, and in *error, where `error` is given, an object that the caller frees.
sshost_code keep_current_exception(sshost_error** error) noexcept;

// Runs the body of a function of the API that returns a code.
template <typename Body>
sshost_code guarded(sshost_error** error, Body&& body) noexcept {
  try {
    std::forward<Body>(body)();
    return SSHOST_OK;
  } catch (...) {
    return keep_current_exception(error);
  }
}

// The same for one that returns a pointer: null on failure.
template <typename Body>
std::invoke_result_t<Body> guarded_pointer(sshost_error** error, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    keep_current_exception(error);
    return nullptr;
  }
}

}  // namespace sshost::api

#endif  // SSHOST_API_ERROR_H
