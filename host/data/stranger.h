#ifndef SSHOST_DATA_STRANGER_H
#define SSHOST_DATA_STRANGER_H

#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "data/dataset_info.h"

namespace sshost::data {

// The first pixel of a label (CV_32S) that is neither a class nor the ignored label, as a text: "9 at row 0, column 7
// is neither a class (0..1) nor the ignored label (255)". Nothing where there is none.
std::optional<std::string> find_stranger(const cv::Mat& label, const DatasetInfo& info);

}  // namespace sshost::data

#endif  // SSHOST_DATA_STRANGER_H
