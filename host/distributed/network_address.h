#ifndef SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H
#define SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H

#include <cstdint>
#include <string>

namespace sshost::distributed {

// The address of this machine from which packets to another one leave, "10.0.0.2"; nothing is sent. Empty where the
// other one's name is not known or there is no way to it.
std::string own_address_towards(const std::string& host, uint16_t port);

std::string own_host_name();

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_NETWORK_ADDRESS_H
