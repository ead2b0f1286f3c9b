// Sizes of a split's images, and what transforms make of them.
#ifndef SSHOST_DATA_SAMPLE_SIZES_H
#define SSHOST_DATA_SAMPLE_SIZES_H

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/transform.h"

namespace sshost::data {

struct SampleSize {
  std::string id;
  cv::Size size;
};

// Of samples that are spread evenly over the split, as they are stored, at most `limit`; those that cannot be read are
// left out.
std::vector<SampleSize> sample_sizes(const Dataset& dataset, int64_t limit);

// Why samples of these sizes do not fit into one batch behind the transforms, whatever these draw: which sample becomes
// what. Nothing where all get one size, and where there are no samples.
std::optional<std::string> reason_against_batches(const TransformList& transforms, std::span<const SampleSize> samples);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SAMPLE_SIZES_H
