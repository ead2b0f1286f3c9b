// One step of the memory towards a batch's statistics.
#ifndef SSHOST_MCIBI_MEMORY_UPDATE_HPP
#define SSHOST_MCIBI_MEMORY_UPDATE_HPP

#include <sshost/tensor.hpp>

#include "class_statistics.hpp"

namespace mcibi {

// The memory [K, m, C] after the update; `momentum` is the weight of the batch.
// A class that is absent from the batch keeps its vectors. A class that still has a vector of zeros puts the mean of
// its pixels there and changes nothing else. Otherwise each vector moves towards the weighted mean of its pixels, and
// one without pixels decays. Where all weights are zero, since every pixel equals the vector, it stays.
ss::Tensor updated_memory(const ss::Tensor& memory, const ClassStatistics& statistics, double momentum);

}  // namespace mcibi

#endif
