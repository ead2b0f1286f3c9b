#ifndef SSHOST_SERVE_HTTP_SERVER_H
#define SSHOST_SERVE_HTTP_SERVER_H

#include <cstdint>
#include <memory>
#include <string>

#include "serve/service.h"
#include "serve/settings.h"

namespace sshost::serve {

// Whether only this machine reaches the address.
bool is_loopback(const std::string& address);

// A service on the network: HTTP/1.1, with keep-alive. Its threads read, decode, encode and write; whoever made it calls
// Service::work meanwhile.
//
// What a client can make it hold is bounded: connections, bytes of headers, of a body and of all bodies together, and
// the time that each of reading, waiting and writing takes.
class HttpServer {
 public:
  // Listens, and answers from then on. Throws Error where the address is taken or none. Both outlive it.
  HttpServer(const Settings& settings, Service& service);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;

  // From now on no connection is accepted, but those that the kernel holds already; each of them, and each that is open,
  // may have one more request answered, and is closed then.
  void drain();

  // Connections that are open: what was drained is done at 0.
  size_t connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_HTTP_SERVER_H
