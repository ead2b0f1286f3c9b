#ifndef SSHOST_DATA_TRANSFORM_TYPE_H
#define SSHOST_DATA_TRANSFORM_TYPE_H

#include <memory>
#include <opencv2/core/types.hpp>
#include <span>
#include <string>

#include "config/host_type.h"
#include "config/section.h"
#include "data/dataset_info.h"
#include "data/transform.h"

// A transform is a file with a function that gives its TransformType: the file <name>.cpp, which is listed in
// CMakeLists.txt, has the function <name>_transform.
namespace sshost::data {

struct TransformType {
  config::HostType host;
  // For a data set with these classes. `options` are complete by the schema.
  std::unique_ptr<const Transform> (*make)(const ss_options_object& options, const DatasetInfo& info);
};

// All of them, in the order of CMakeLists.txt.
std::span<const TransformType* const> transform_types();

// Reports what is not [lowest, highest], of an option that may be null.
void check_range(const ss_options_object& options, const std::string& key, const std::string& path,
                 config::Problems& problems);

}  // namespace sshost::data

namespace sshost::config {

template <>
struct Bound<cv::Size> : BoundAs<SS_OPTION_INT, SS_OPTION_LIST> {
  static ss_options_object to_value(const cv::Size&) { return {}; }  // a size has no default
  static cv::Size of(const ss_options_object& value) {
    const Size size = size_of(value);
    return {static_cast<int>(size.width), static_cast<int>(size.height)};
  }
};

}  // namespace sshost::config

#endif  // SSHOST_DATA_TRANSFORM_TYPE_H
