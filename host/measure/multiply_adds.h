#ifndef SSHOST_MEASURE_MULTIPLY_ADDS_H
#define SSHOST_MEASURE_MULTIPLY_ADDS_H

#include <cstdint>
#include <functional>

namespace sshost::measure {

// Runs `work` and counts the multiply-adds of the convolutions, matrix products and attentions in it, whoever calls
// them: the host's layers and the plugins' own operators alike. Sums, norms, activations and resizes count nothing, as
// is usual for such figures. Only operators that run on the calling thread are seen.
int64_t count_multiply_adds(const std::function<void()>& work);

}  // namespace sshost::measure

#endif  // SSHOST_MEASURE_MULTIPLY_ADDS_H
