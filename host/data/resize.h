#ifndef SSHOST_DATA_RESIZE_H
#define SSHOST_DATA_RESIZE_H

#include <optional>
#include <utility>

#include "data/transform.h"

namespace sshost::data {

struct ResizeOptions {
  cv::Size size;  // the target; with keep_ratio only which side is longer counts, see below
  bool keep_ratio = true;
  std::optional<std::pair<double, double>> scale_range;  // the target is multiplied by a random number of this range
};

// Images are resized bilinearly, labels by nearest pixel.
// With keep_ratio the image gets as large as it can with its longer side within the target's longer one and its shorter
// side within the shorter one. Without, it is stretched to the target.
class Resize final : public Transform {
 public:
  explicit Resize(const ResizeOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;
  SizeRange sizes(const SizeRange& of) const override;

  // What an image of this size is resized to, for a target that has been scaled.
  cv::Size size_for(cv::Size image, cv::Size target) const;

 private:
  cv::Size target_at(double factor) const;

  ResizeOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_RESIZE_H
