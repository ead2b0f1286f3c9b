#ifndef SSHOST_DISTRIBUTED_LISTENER_H
#define SSHOST_DISTRIBUTED_LISTENER_H

#include <cstdint>
#include <string>

namespace sshost::distributed {

// A socket at which rank 0 will listen for the others, bound already: to the one address of this machine that
// MASTER_ADDR stands for. Where it stands for none here, or a name leads to loopback (Debian's 127.0.1.1 for the
// machine's own name), other machines may know it by any of this machine's addresses, and it is bound to all.
class Listener {
 public:
  // Throws UsageError where an address is public and that is not allowed, Error where none can be bound.
  Listener(const std::string& host, uint16_t port, bool allow_public);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const std::string& address() const { return address_; }  // empty: all
  std::string warning() const;                             // empty: nothing to say

  // Whoever takes the descriptor closes it.
  int release();

 private:
  const std::string host_;
  std::string address_;
  int descriptor_ = -1;
};

// Throws UsageError where an address is public and that is not allowed; `who` listens there.
void require_private(const std::string& who, const std::string& address, bool allow_public);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_LISTENER_H
