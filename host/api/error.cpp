#include "api/error.h"

#include <new>

#include "bridge/boundary.h"

struct sshost_error {
  sshost_code code;
  std::string message;
};

namespace sshost::api {
namespace {

// What is left where there is no memory for an error either; never freed.
sshost_error& out_of_memory() {
  static sshost_error error{SSHOST_OUT_OF_MEMORY, "out of memory"};
  return error;
}

// LibTorch's messages are cut to what the operator said.
sshost_error other_error() {
  const ss_status status = bridge::fail_with_current_exception();
  return {status == SS_OUT_OF_MEMORY ? SSHOST_OUT_OF_MEMORY : SSHOST_FAILED, std::string(bridge::message())};
}

sshost_error current_error() {
  try {
    throw;
  } catch (const CallError& error) {
    return {error.code(), error.what()};
  } catch (const UsageError& error) {
    return {SSHOST_USAGE, error.what()};
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (...) {
    return other_error();
  }
}

}  // namespace

sshost_code keep_current_exception(sshost_error** error) noexcept try {
  sshost_error kept = current_error();
  const sshost_code code = kept.code;
  if (error != nullptr) *error = new sshost_error(std::move(kept));
  return code;
} catch (...) {
  if (error != nullptr) *error = &out_of_memory();
  return SSHOST_OUT_OF_MEMORY;
}

}  // namespace sshost::api

sshost_code sshost_error_code(const sshost_error* error) { return error == nullptr ? SSHOST_OK : error->code; }

const char* sshost_error_message(const sshost_error* error) { return error == nullptr ? "" : error->message.c_str(); }

void sshost_error_free(sshost_error* error) {
  if (error != &sshost::api::out_of_memory()) delete error;
}
