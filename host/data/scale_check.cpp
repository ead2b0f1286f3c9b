#include "data/scale_check.h"

#include <algorithm>

#include "config/scalar.h"
#include "data/dataset.h"
#include "data/size_text.h"

namespace sshost::data {

void ScaleCheck::apply(Sample& sample, Random&) const {
  const cv::Size size = sample.image.size();
  if (smallest_ * std::min(size.width, size.height) >= 1) return;
  throw BrokenSample("evaluate.scales: " + config::format_double(smallest_) + " leaves nothing of an image of " +
                     size_text(size) + "; leave out such images, or this scale");
}

}  // namespace sshost::data
