#ifndef SSHOST_MEASURE_PEAK_BYTES_H
#define SSHOST_MEASURE_PEAK_BYTES_H

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>

namespace sshost::measure {

struct MemoryUse {
  int64_t before = 0;  // bytes in use
  int64_t peak = 0;    // the most that were in use meanwhile; at least `before`
};

// Runs `work` and tells the memory that it took: on the CPU the resident memory of the whole process, which also has
// what allocators keep for later; on a GPU what LibTorch's allocator has handed out. Where the kernel does not let a
// process reset its peak, an earlier and higher one counts. Throws Error where the system tells nothing.
MemoryUse measure_memory(at::Device device, const std::function<void()>& work);

// The most bytes of tensors on `device` that `work` had at once beyond those before it, exactly: the same for the same
// work. Only what the calling thread, and its backward, allocate on the CPU is seen.
int64_t peak_of_tensors(at::Device device, const std::function<void()>& work);

}  // namespace sshost::measure

#endif  // SSHOST_MEASURE_PEAK_BYTES_H
