// Buffers in pages of their own, behind which there is no memory. Never given back: the process ends with the test.
#ifndef SSHOST_CONFORM_PAGED_H
#define SSHOST_CONFORM_PAGED_H

#include <cstddef>

namespace sshost::conform {

// Ends where a page ends that may not be touched. Throws Error where there is no memory.
void* buffer_before_a_page(std::size_t bytes);

// A copy in such a place that may not be written, either.
const void* read_only_copy(const void* data, std::size_t bytes);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_PAGED_H
