#include "data/sample_sizes.h"

#include <algorithm>

#include "data/size_text.h"

namespace sshost::data {
namespace {

SizeRange behind(const TransformList& transforms, cv::Size image) {
  SizeRange range{image, image};
  for (const auto& transform : transforms) range = transform->sizes(range);
  return range;
}

std::string text_of(const SampleSize& sample, const SizeRange& becomes) {
  const std::string text =
      "\"" + sample.id + "\" of " + size_text(sample.size) + " becomes " + size_text(becomes.least);
  return becomes.least == becomes.most ? text : text + " to " + size_text(becomes.most);
}

}  // namespace

std::vector<SampleSize> sample_sizes(const Dataset& dataset, int64_t limit) {
  std::vector<SampleSize> sizes;
  Reader reader(dataset);
  const int64_t count = std::min(limit, dataset.size());
  for (int64_t at = 0; at < count; ++at) {
    Random random(0);
    try {
      const Sample sample = reader.read_unchecked(at * dataset.size() / count, random);
      sizes.push_back({sample.id, sample.image.size()});
    } catch (const BrokenSample&) {  // NOLINT(bugprone-empty-catch): told where it is used
    }
  }
  return sizes;
}

std::optional<std::string> reason_against_batches(const TransformList& transforms,
                                                  std::span<const SampleSize> samples) {
  std::optional<SizeRange> first;
  for (const SampleSize& sample : samples) {
    const SizeRange range = behind(transforms, sample.size);
    if (range.least != range.most) return text_of(sample, range) + ", as is drawn";
    if (!first) first = range;
    if (range.least == first->least) continue;
    return text_of(samples.front(), *first) + ", " + text_of(sample, range);
  }
  return std::nullopt;
}

}  // namespace sshost::data
