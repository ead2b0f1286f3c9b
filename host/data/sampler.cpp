#include "data/sampler.h"

#include <cstddef>
#include <numeric>
#include <utility>

#include "data/random.h"

namespace sshost::data {

std::vector<int64_t> epoch_order(int64_t count, uint64_t seed, int64_t epoch, bool shuffle) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  if (!shuffle) return order;
  Random random = make_random(seed, epoch, 0, Stream::kOrder);
  // Fisher and Yates by hand: std::shuffle's result differs between standard libraries.
  for (int64_t last = count - 1; last > 0; --last) std::swap(order[last], order[random.below(last + 1)]);
  return order;
}

}  // namespace sshost::data
