#ifndef SSHOST_API_CALL_SCOPE_H
#define SSHOST_API_CALL_SCOPE_H

#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <cstdint>

#include "api/callbacks.h"

namespace sshost::api {

// What holds on the calling thread while a call of the library works: so many threads for an operator, LibTorch's
// warnings go to the log instead of standard error, and gradients can be taken, whatever a caller that has LibTorch too
// has switched off. The caller finds all of it as it was.
class CallScope {
 public:
  // threads 0: as many as the calling thread has been given. The callbacks outlive the scope.
  CallScope(int64_t threads, Callbacks& callbacks);
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  class Warnings : public c10::WarningHandler {
   public:
    explicit Warnings(Callbacks& callbacks) : callbacks_(callbacks) {}
    void process(const c10::Warning& warning) override;

   private:
    Callbacks& callbacks_;
  };

  int threads_before_;  // 0: left alone
  Warnings warnings_;
  c10::WarningUtils::WarningHandlerGuard guard_;
  c10::InferenceMode gradients_{false};
};

}  // namespace sshost::api

#endif  // SSHOST_API_CALL_SCOPE_H
