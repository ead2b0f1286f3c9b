#include "cli/uncaught.h"

#include <cstdlib>
#include <exception>
#include <string>

#include "bridge/boundary.h"
#include "plugin/at_work.h"

namespace sshost::cli {
namespace {

constexpr const char* kLessMemory = "; a smaller batch, crop or window takes less";

[[noreturn]] void end_by_exception() {
  if (!std::current_exception()) std::abort();
  Failure failure = current_failure();
  if (const char* who = plugin::AtWork::on_this_thread()) failure.message = std::string(who) + ": " + failure.message;
  std::_Exit(tell(failure, false));  // other threads are at work: nothing is destroyed
}

}  // namespace

Failure current_failure() {
  try {
    throw;
  } catch (const UsageError& error) {
    return failure_of(error);
  } catch (...) {
    const ss_status status = bridge::fail_with_current_exception();  // without LibTorch's stack of calls
    const std::string message(bridge::message());
    if (status != SS_OUT_OF_MEMORY) return {kFailed, message};
    return {kFailed, (message.empty() ? "out of memory" : message) + kLessMemory};
  }
}

void tell_uncaught() { std::set_terminate(end_by_exception); }

}  // namespace sshost::cli
