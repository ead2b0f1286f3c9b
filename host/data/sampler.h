#ifndef SSHOST_DATA_SAMPLER_H
#define SSHOST_DATA_SAMPLER_H

#include <cstdint>
#include <vector>

namespace sshost::data {

// The samples of an epoch in the order in which they are read: 0, 1, ... count-1, or a permutation of them that
// depends on (seed, epoch) and nothing else.
std::vector<int64_t> epoch_order(int64_t count, uint64_t seed, int64_t epoch, bool shuffle);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SAMPLER_H
