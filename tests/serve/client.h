// An HTTP client that waits, and one that only sends bytes.
#ifndef SSHOST_TESTS_SERVE_CLIENT_H
#define SSHOST_TESTS_SERVE_CLIENT_H

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace sshost::serve {

struct Answer {
  int status = 0;  // 0: the connection was closed without one
  std::map<std::string, std::string> headers;
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

using Headers = std::map<std::string, std::string>;

// One connection to a port of this machine. Every wait is bounded by 30 s.
class Client {
 public:
  explicit Client(uint16_t port);
  ~Client();
  Client(Client&& other) noexcept;

  Answer get(const std::string& target, const Headers& headers = {}) { return send("GET", target, {}, headers); }
  Answer post(const std::string& target, const std::string& body, const Headers& headers = {}) {
    return send("POST", target, body, headers);
  }
  Answer send(const std::string& method, const std::string& target, const std::string& body, const Headers& headers);

  // Bytes as they are, and what comes back.
  void write(const std::string& bytes);
  Answer read();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sshost::serve

#endif  // SSHOST_TESTS_SERVE_CLIENT_H
