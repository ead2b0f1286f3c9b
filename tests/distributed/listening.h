// What a process listens to.
#ifndef SSHOST_TESTS_DISTRIBUTED_LISTENING_H
#define SSHOST_TESTS_DISTRIBUTED_LISTENING_H

#include <sys/types.h>

#include <string>
#include <vector>

namespace sshost::test {

// The addresses of the TCP sockets at which it listens, as numbers and without ports; from /proc.
std::vector<std::string> listening_addresses(pid_t process);

}  // namespace sshost::test

#endif  // SSHOST_TESTS_DISTRIBUTED_LISTENING_H
