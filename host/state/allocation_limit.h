#ifndef SSHOST_STATE_ALLOCATION_LIMIT_H
#define SSHOST_STATE_ALLOCATION_LIMIT_H

#include <cstdint>
#include <string>

namespace sshost::state {

// While it lives, tensors that its thread makes on the CPU may take so many bytes in all, counted as they are made and
// whether or not they still live, and small ones as kLeastBytes, which is what stands around them; the one that would exceed them throws Error(`reason`) before any memory is asked for.
// For work whose sizes a stranger chose. They nest: the innermost counts. Threads: made and destroyed on one.
class AllocationLimit {
 public:
  AllocationLimit(uint64_t bytes, std::string reason);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;

  static constexpr uint64_t kLeastBytes = 1024;

  // Throws where so many more bytes are too many; else takes them.
  void take(uint64_t bytes);

 private:
  uint64_t left_;
  std::string reason_;
  AllocationLimit* outer_;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_ALLOCATION_LIMIT_H
