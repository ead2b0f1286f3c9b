#include "api/call_scope.h"

#include <ATen/Parallel.h>

namespace sshost::api {

void CallScope::Warnings::process(const c10::Warning& warning) { callbacks_.write(SSHOST_LOG_WARNING, warning.msg()); }

CallScope::CallScope(int64_t threads, Callbacks& callbacks)
    : threads_before_(threads > 0 ? at::get_num_threads() : 0), warnings_(callbacks), guard_(&warnings_) {
  if (threads > 0) at::set_num_threads(static_cast<int>(threads));
}

CallScope::~CallScope() {
  if (threads_before_ > 0) at::set_num_threads(threads_before_);
}

}  // namespace sshost::api
