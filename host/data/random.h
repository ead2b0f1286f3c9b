#ifndef SSHOST_DATA_RANDOM_H
#define SSHOST_DATA_RANDOM_H

#include <cstdint>

namespace sshost::data {

// A small generator of its own stream (SplitMix64; Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014). Its numbers are the same on every machine and in every version, unlike those of
// std::uniform_*_distribution, so that a resumed run sees the samples of an uninterrupted one.
class Random {
 public:
  explicit Random(uint64_t state) : state_(state) {}

  uint64_t next();
  double uniform();              // in [0, 1)
  int64_t below(int64_t bound);  // in [0, bound), each equally likely; bound >= 1
  bool coin(double probability) { return uniform() < probability; }

 private:
  uint64_t state_;
};

// What a sample's numbers are drawn for. Streams of one sample do not overlap, so that a data set which draws more
// numbers than before changes no crop.
enum class Stream : uint64_t { kOrder = 1, kRead = 2, kTransform = 3 };

// The generator of one sample in one epoch, whoever reads it and when. The order of an epoch has index 0.
Random make_random(uint64_t seed, int64_t epoch, int64_t index, Stream stream);

}  // namespace sshost::data

#endif  // SSHOST_DATA_RANDOM_H
