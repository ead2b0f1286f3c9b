#include "distributed/network_address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

namespace sshost::distributed {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList look_up(const std::string& host, const std::string& port, int type) {
  addrinfo wanted{};
  wanted.ai_socktype = type;
  addrinfo* found = nullptr;
  const bool known = getaddrinfo(host.c_str(), port.empty() ? nullptr : port.c_str(), &wanted, &found) == 0;
  return {known ? found : nullptr, &freeaddrinfo};
}

std::string text_of(const sockaddr* address, socklen_t length) {
  char text[NI_MAXHOST] = "";
  return getnameinfo(address, length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0 ? text : "";
}

std::string own_address(const addrinfo& other) {
  const int socket = ::socket(other.ai_family, SOCK_DGRAM, 0);
  if (socket < 0) return {};
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  const bool known = connect(socket, other.ai_addr, other.ai_addrlen) == 0 &&
                     getsockname(socket, reinterpret_cast<sockaddr*>(&own), &length) == 0;
  close(socket);
  return known ? text_of(reinterpret_cast<sockaddr*>(&own), length) : "";
}

// The first `bits` of an address of IPv4 or IPv6, and who has it.
struct Block {
  const char* first;
  int bits;
};

constexpr std::array kLoopback = {Block{"127.0.0.0", 8}, Block{"::1", 128}};
constexpr std::array kNotPublic = {Block{"10.0.0.0", 8},     Block{"172.16.0.0", 12}, Block{"192.168.0.0", 16},
                                   Block{"169.254.0.0", 16}, Block{"100.64.0.0", 10}, Block{"fe80::", 10},
                                   Block{"fc00::", 7}};

// 16 bytes, those of IPv4 as IPv6 maps them; false where the text is no address.
bool parse(const std::string& text, std::array<uint8_t, 16>& bytes) {
  const std::string plain = text.substr(0, text.find('%'));  // without the interface
  if (inet_pton(AF_INET6, plain.c_str(), bytes.data()) == 1) return true;
  return inet_pton(AF_INET6, ("::ffff:" + plain).c_str(), bytes.data()) == 1;
}

bool is_in(const std::string& address, const Block& block) {
  std::array<uint8_t, 16> bytes{}, first{};
  if (!parse(address, bytes) || !parse(block.first, first)) return false;
  const bool is_mapped = std::string_view(block.first).find(':') == std::string_view::npos;
  for (int bit = 0; bit < block.bits + (is_mapped ? 96 : 0); ++bit) {
    const auto byte = static_cast<size_t>(bit / 8);
    if (((bytes[byte] ^ first[byte]) >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

template <typename Blocks>
bool is_in_any(const std::string& address, const Blocks& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) { return is_in(address, block); });
}

}  // namespace

std::string own_address_towards(const std::string& host, uint16_t port) {
  const AddressList list = look_up(host, std::to_string(port), SOCK_DGRAM);
  for (const addrinfo* other = list.get(); other != nullptr; other = other->ai_next) {
    if (std::string address = own_address(*other); !address.empty()) return address;
  }
  return {};
}

std::vector<std::string> addresses_of(const std::string& host) {
  const AddressList list = look_up(host, "", SOCK_STREAM);
  std::vector<std::string> addresses;
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    addresses.push_back(text_of(each->ai_addr, each->ai_addrlen));
  }
  return addresses;
}

std::vector<std::string> own_addresses(const std::string& interface) {
  ifaddrs* found = nullptr;
  if (getifaddrs(&found) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list(found, &freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* each = list.get(); each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (!interface.empty() && interface != each->ifa_name)) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    addresses.push_back(text_of(each->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)));
  }
  return addresses;
}

bool is_loopback(const std::string& address) { return is_in_any(address, kLoopback); }

bool is_public(const std::string& address) { return !is_loopback(address) && !is_in_any(address, kNotPublic); }

std::string own_host_name() {
  char name[256] = "";
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace sshost::distributed
