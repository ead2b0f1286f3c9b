// Requests and responses, whatever carries them.
#ifndef SSHOST_SERVE_MESSAGE_H
#define SSHOST_SERVE_MESSAGE_H

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sshost::serve {

struct Request {
  std::string method;                          // "GET"
  std::string path;                            // of the target, as it was sent, without the query
  std::map<std::string, std::string> query;    // "?a=b"; percent signs resolved
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The header's value; empty where there is none.
  std::string_view header(const std::string& name) const;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::map<std::string, std::string> headers = {};
};

// Answers one request, once, on any thread.
using Reply = std::function<void(Response)>;

// A request that is refused. `retry_after`, in seconds, where it may be tried again: 429 and 503.
class Refusal : public Error {
 public:
  Refusal(int status, const std::string& text, int retry_after = 0)
      : Error(text), status_(status), retry_after_(retry_after) {}
  int status() const { return status_; }
  int retry_after() const { return retry_after_; }

 private:
  int status_;
  int retry_after_;
};

// {"error": text}.
Response error_response(int status, std::string_view text, int retry_after = 0);

// For a catch block: a Refusal's own status, 400 for other faults of a request (data::BrokenSample), 500 for the rest.
Response current_error_response();

// A path and query as a request line has them, put into the request. Throws Refusal where a percent sign means nothing.
void set_target(Request& request, std::string_view target);

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_MESSAGE_H
