// A sample's own random numbers.
#ifndef SSHOST_RANDOM_HPP
#define SSHOST_RANDOM_HPP

#include <sshost/abi/dataset.h>

#include <cmath>
#include <cstdint>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// The same for the same (seed, epoch, index), on whatever thread.
class Random {
 public:
  explicit Random(const ss_random& abi) : abi_(abi) {}
  uint64_t next() { return abi_.next(abi_.self); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // in [0, 1)
  double between(double low, double high) { return low + (high - low) * uniform(); }
  bool coin(double probability) { return uniform() < probability; }

  // Mean 0, standard deviation 1 (Box and Muller, 1958). Two numbers are drawn for each, so that nothing is kept.
  double normal() {
    constexpr double two_pi = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(two_pi * uniform());
  }

 private:
  const ss_random& abi_;
};

}  // namespace v1
}  // namespace ss

#endif
