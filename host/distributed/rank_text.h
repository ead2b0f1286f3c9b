#ifndef SSHOST_DISTRIBUTED_RANK_TEXT_H
#define SSHOST_DISTRIBUTED_RANK_TEXT_H

#include <cstdint>
#include <string>
#include <vector>

namespace sshost::distributed {

// "rank 1", "ranks 0, 2", "ranks 0-6, 9": from numbers in rising order.
std::string list_ranks(const std::vector<int64_t>& ranks);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_RANK_TEXT_H
