#include "api/cancel.h"

#include "api/error.h"

namespace sshost::api {

void require_not_cancelled(const sshost_cancel* cancel) {
  if (cancel != nullptr && cancel->requested) throw CallError(SSHOST_CANCELLED, "cancelled by the caller");
}

const std::atomic<bool>& stop_of(const sshost_cancel* cancel) {
  static const std::atomic<bool> never = false;
  return cancel == nullptr ? never : cancel->requested;
}

}  // namespace sshost::api

sshost_cancel* sshost_cancel_create(void) {
  return sshost::api::guarded_pointer(nullptr, [] { return new sshost_cancel; });
}

void sshost_cancel_request(sshost_cancel* cancel) {
  if (cancel != nullptr) cancel->requested = true;
}

void sshost_cancel_reset(sshost_cancel* cancel) {
  if (cancel != nullptr) cancel->requested = false;
}

void sshost_cancel_free(sshost_cancel* cancel) { delete cancel; }
