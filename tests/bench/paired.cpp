#include "bench/paired.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace sshost::bench {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

PairedTimes time_in_pairs(int rounds, const std::function<void()>& first, const std::function<void()>& second) {
  first();
  second();
  std::vector<double> firsts, seconds, ratios;
  for (int i = 0; i < rounds; ++i) {
    firsts.push_back(seconds_of(first));
    seconds.push_back(seconds_of(second));
    ratios.push_back(firsts.back() / seconds.back());
  }
  return {median(firsts), median(seconds), median(ratios)};
}

}  // namespace sshost::bench
