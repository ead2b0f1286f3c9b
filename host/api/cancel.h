#ifndef SSHOST_API_CANCEL_H
#define SSHOST_API_CANCEL_H

#include <atomic>

#include "api/sshost/api.h"

struct sshost_cancel {
  std::atomic<bool> requested{false};
};
static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler may ask, too

namespace sshost::api {

// Throws CallError(SSHOST_CANCELLED) where it was asked for.
void require_not_cancelled(const sshost_cancel* cancel);

// What a job looks at; `cancel` may be NULL.
const std::atomic<bool>& stop_of(const sshost_cancel* cancel);

}  // namespace sshost::api

#endif  // SSHOST_API_CANCEL_H
