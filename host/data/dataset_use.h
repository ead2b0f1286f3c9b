#ifndef SSHOST_DATA_DATASET_USE_H
#define SSHOST_DATA_DATASET_USE_H

#include <string>
#include <utility>
#include <vector>

#include "config/option_value.h"

namespace sshost::data {

// How a pipeline reads its data set, as far as it decides what mends a finding. What data sets have in common are the
// names of options: `label_map` maps the numbers in the files, `label_colors` says that labels are pictures in the
// classes' colours. A published data set has neither: what its files hold is part of what it is.
class DatasetUse {
 public:
  // The options are complete and those of `data.dataset`.
  DatasetUse(std::string type, ss_options_object options, bool skips_broken)
      : type_(std::move(type)), options_(std::move(options)), skips_broken_(skips_broken) {}

  bool skips_broken() const { return skips_broken_; }
  bool reads_colors() const;
  // Whether labels have the very numbers that the files store, and may be mapped.
  bool reads_stored_numbers() const;

  // YAML that sets an option of the data set; of one that has no such option, what else to do.
  std::string set(const std::string& option, const ss_options_object& value) const;

  // YAML of the data set that reads the labels as pictures in these colours, as "#rrggbb". Classes keep their own colour
  // where any of them is one of these; those without get what is left in order.
  std::string with_colors(const std::vector<std::string>& colors) const;

 private:
  std::string correct_the_files() const;

  std::string type_;
  ss_options_object options_;
  bool skips_broken_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_USE_H
