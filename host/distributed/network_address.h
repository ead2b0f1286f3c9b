#ifndef SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H
#define SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H

#include <cstdint>
#include <string>
#include <vector>

// Addresses are texts, as numbers: "10.0.0.2", "fe80::1%eth0".
namespace sshost::distributed {

// The address of this machine from which packets to another one leave; nothing is sent. Empty where the other one's
// name is not known or there is no way to it.
std::string own_address_towards(const std::string& host, uint16_t port);

// What a name, or an address, stands for, in the system's order. Empty where it is not known.
std::vector<std::string> addresses_of(const std::string& host);

// Of this machine's network interfaces, or of the one with that name.
std::vector<std::string> own_addresses(const std::string& interface = "");

bool is_loopback(const std::string& address);

// Whether other networks may reach it: it is neither loopback, nor private (RFC 1918, unique local), nor link-local,
// nor shared behind a provider's translation (RFC 6598).
bool is_public(const std::string& address);

std::string own_host_name();

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H
