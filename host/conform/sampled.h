// What transforms are tried with.
#ifndef SSHOST_CONFORM_SAMPLED_H
#define SSHOST_CONFORM_SAMPLED_H

#include <sshost/abi/transform.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conform/subject.h"
#include "data/dataset_info.h"
#include "data/guarded_buffers.h"
#include "data/plugin_transform.h"
#include "data/random.h"

namespace sshost::conform {

// Three classes, the first two of which are each other's mirror image; 255 is ignored.
const data::DatasetInfo& sample_info();

// A picture of patches whose colour tells their class, its label, and the same numbers a second time as a further map.
struct Picture {
  cv::Mat image;  // CV_8UC3, or CV_32FC3
  cv::Mat label;  // CV_32S, with some ignored
  cv::Mat parts;  // as the label
};
Picture draw_picture(cv::Size size, uint64_t seed, bool is_float = false);

// How a map of a picture became: the same where no buffer was asked for it.
struct Applied {
  std::vector<cv::Mat> maps;  // image, label, parts

  bool operator==(const Applied& other) const;
};

// Calls `apply` with buffers that end where a page ends that may not be touched, and maps in pages that may not be
// written. New buffers are filled with `before` first. `further`: with the map of parts. Throws Error where it fails.
Applied apply_apart(const data::PluginTransform& transform, const Picture& picture, data::Random random, uint8_t before,
                    bool further = true);

data::PluginTransform make_transform(const Subject& subject);

// The numbers of the try with this number.
data::Random transform_random(int64_t number);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_SAMPLED_H
