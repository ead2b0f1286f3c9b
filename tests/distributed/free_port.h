#ifndef SSHOST_TESTS_DISTRIBUTED_FREE_PORT_H
#define SSHOST_TESTS_DISTRIBUTED_FREE_PORT_H

#include <cstdint>

namespace sshost::test {

// A port of the loopback address that nobody listens on at the moment.
uint16_t free_port();

}  // namespace sshost::test

#endif  // SSHOST_TESTS_DISTRIBUTED_FREE_PORT_H
