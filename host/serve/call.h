#ifndef SSHOST_SERVE_CALL_H
#define SSHOST_SERVE_CALL_H

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "serve/service.h"

namespace sshost::serve {

// A request on its way to its answer.
struct Service::Call {
  std::shared_ptr<const Request> request;
  Post post;
  Reply reply;
  Clock::time_point deadline;
  std::string kind = "other";  // for the metrics
  std::atomic<bool> is_answered = false;

  // The first answer counts.
  void answer(Response response) {
    if (!is_answered.exchange(true)) reply(std::move(response));
  }
  void answer_with_current_error() { answer(current_error_response()); }
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_CALL_H
