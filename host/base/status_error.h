#ifndef SSHOST_BASE_STATUS_ERROR_H
#define SSHOST_BASE_STATUS_ERROR_H

#include <sshost/abi/status.h>

#include <string>

#include "base/error.h"

namespace sshost {

// An error with the status that it becomes at the boundary to a plugin. An Error without one becomes
// SS_INVALID_ARGUMENT.
class StatusError : public Error {
 public:
  StatusError(ss_status status, const std::string& message) : Error(message), status_(status) {}
  ss_status status() const { return status_; }

 private:
  ss_status status_;
};

}  // namespace sshost

#endif  // SSHOST_BASE_STATUS_ERROR_H
