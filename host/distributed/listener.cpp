#include "distributed/listener.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "distributed/network_address.h"

namespace sshost::distributed {
namespace {

// Gives -1, with errno, where it is not of this machine, or taken.
int bind_to(const std::string& address, uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
  const int descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const int yes = 1;
  const int no = 0;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (found->ai_family == AF_INET6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (bind(descriptor, found->ai_addr, found->ai_addrlen) == 0) return descriptor;
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

// Those of this machine that others reach by that name, private ones first; none where that is not known.
std::vector<std::string> addresses_here(const std::string& host) {
  const std::vector<std::string> own = own_addresses();
  const bool means_loopback = host == "localhost" || is_loopback(host);
  std::vector<std::string> here;
  for (const std::string& address : addresses_of(host)) {
    const bool is_own = std::find(own.begin(), own.end(), address) != own.end();
    if (is_loopback(address) ? means_loopback : is_own) here.push_back(address);
  }
  std::stable_partition(here.begin(), here.end(), [](const std::string& address) { return !is_public(address); });
  return here;
}

}  // namespace

void require_private(const std::string& who, const std::string& address, bool allow_public) {
  if (allow_public || !is_public(address)) return;
  throw UsageError(who + " would listen at " + address +
                   ", an address that the internet may reach, and whoever reaches it can join in: it is for trusted "
                   "networks. Give a private address (MASTER_ADDR; 127.0.0.1 where all processes run on one machine; "
                   "GLOO_SOCKET_IFNAME for an interface), or say distributed.allow_public: true where a firewall "
                   "keeps others out");
}

Listener::Listener(const std::string& host, uint16_t port, bool allow_public) : host_(host) {
  const std::vector<std::string> here = addresses_here(host);
  if (here.empty()) {
    for (const std::string& address : own_addresses()) require_private("rank 0", address, allow_public);
  }
  for (const std::string& address : here.empty() ? std::vector<std::string>{"::", "0.0.0.0"} : here) {
    if (!here.empty()) require_private("rank 0", address, allow_public);
    descriptor_ = bind_to(address, port);
    if (descriptor_ < 0 && (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT)) continue;  // no IPv6, for one
    if (descriptor_ < 0) break;
    if (!here.empty()) address_ = address;
    return;
  }
  throw Error("rank 0 cannot listen at " + host + ":" + std::to_string(port) +
              " (MASTER_ADDR:MASTER_PORT): " + std::strerror(errno));
}

Listener::~Listener() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::string Listener::warning() const {
  if (!address_.empty()) return {};
  return "rank 0 listens on all addresses of this machine, since MASTER_ADDR (" + host_ +
         ") leads to none here that other machines could mean; an address in numbers makes it listen there alone";
}

int Listener::release() { return std::exchange(descriptor_, -1); }

}  // namespace sshost::distributed
