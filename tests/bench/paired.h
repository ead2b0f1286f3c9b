// Two ways to do the same, timed in turn, so that a noisy machine disturbs both alike.
#ifndef SSHOST_TESTS_BENCH_PAIRED_H
#define SSHOST_TESTS_BENCH_PAIRED_H

#include <functional>

namespace sshost::bench {

struct PairedTimes {
  double first = 0;   // median seconds
  double second = 0;  // median seconds
  double ratio = 0;   // median of first / second, pair by pair
};

// One unmeasured round, then `rounds` pairs.
PairedTimes time_in_pairs(int rounds, const std::function<void()>& first, const std::function<void()>& second);

}  // namespace sshost::bench

#endif  // SSHOST_TESTS_BENCH_PAIRED_H
