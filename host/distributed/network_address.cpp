#include "distributed/network_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace sshost::distributed {
namespace {

std::string own_address(const addrinfo& other) {
  const int socket = ::socket(other.ai_family, SOCK_DGRAM, 0);
  if (socket < 0) return {};
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  char text[NI_MAXHOST] = "";
  const bool known =
      connect(socket, other.ai_addr, other.ai_addrlen) == 0 &&
      getsockname(socket, reinterpret_cast<sockaddr*>(&own), &length) == 0 &&
      getnameinfo(reinterpret_cast<sockaddr*>(&own), length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
  close(socket);
  return known ? text : "";
}

}  // namespace

std::string own_address_towards(const std::string& host, uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  for (const addrinfo* other = found; other != nullptr; other = other->ai_next) {
    if (std::string address = own_address(*other); !address.empty()) return address;
  }
  return {};
}

std::string own_host_name() {
  char name[256] = "";
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace sshost::distributed
