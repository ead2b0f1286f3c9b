#ifndef SSHOST_DATA_TRANSFORM_H
#define SSHOST_DATA_TRANSFORM_H

#include <algorithm>
#include <memory>
#include <vector>

#include "data/random.h"
#include "data/sample.h"

namespace sshost::data {

// What sizes images may have: from `least` to `most` of each side.
struct SizeRange {
  cv::Size least;
  cv::Size most;
};

// Both.
inline SizeRange joined(const SizeRange& one, const SizeRange& other) {
  return {{std::min(one.least.width, other.least.width), std::min(one.least.height, other.least.height)},
          {std::max(one.most.width, other.most.width), std::max(one.most.height, other.most.height)}};
}

// One step between the data set and the batch. Transforms change image and label together; a sample without a label is
// fine for each of them.
// Threads: immutable after construction, `apply` may run on any number of threads.
class Transform {
 public:
  virtual ~Transform() = default;

  // Changes the sample in place. Pixels are never written where another cv::Mat may share them. `random` is the
  // sample's own, so the result does not depend on the thread or on other samples.
  virtual void apply(Sample& sample, Random& random) const = 0;

  // What it may make of images of these sizes, by whatever it draws. Most leave them as they are.
  virtual SizeRange sizes(const SizeRange& of) const { return of; }
};

using TransformList = std::vector<std::unique_ptr<const Transform>>;

inline void apply(const TransformList& transforms, Sample& sample, Random& random) {
  for (const auto& transform : transforms) transform->apply(sample, random);
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_TRANSFORM_H
