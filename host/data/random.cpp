#include "data/random.h"

#include <initializer_list>

namespace sshost::data {

namespace {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15U;

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t Random::next() {
  state_ += kGolden;
  return mix(state_);
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

int64_t Random::below(int64_t bound) {
  const auto range = static_cast<uint64_t>(bound);
  const uint64_t rejected = (0 - range) % range;  // the first 2^64 mod range numbers would favour small results
  uint64_t drawn = next();
  while (drawn < rejected) drawn = next();
  return static_cast<int64_t>(drawn % range);
}

Random make_random(uint64_t seed, int64_t epoch, int64_t index, Stream stream) {
  uint64_t state = mix(seed + kGolden);
  for (uint64_t part : {static_cast<uint64_t>(stream), static_cast<uint64_t>(epoch), static_cast<uint64_t>(index)}) {
    state = mix(state + kGolden + mix(part + kGolden));
  }
  return Random(state);
}

}  // namespace sshost::data
