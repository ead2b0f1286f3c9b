#ifndef SSHOST_DATA_DATASET_USE_H
#define SSHOST_DATA_DATASET_USE_H

#include <string>
#include <vector>

#include "config/option_value.h"
#include "data/dataset.h"

namespace sshost::data {

// How a pipeline reads its data set, as far as it decides what mends a finding. What data sets have in common are the
// names of options: `label_map` maps the numbers in the files, `label_colors` says that labels are pictures in the
// classes' colours.
class DatasetUse {
 public:
  // The options are complete and those of `data.dataset`; `example` is any sample of the split.
  DatasetUse(std::string type, ss_options_object options, const DatasetInfo& info, const std::string& split,
             Dataset::Description example, bool skips_broken);

  bool skips_broken() const { return skips_broken_; }
  bool reads_colors() const;
  // Whether labels have the very numbers that the files store, and may be mapped.
  bool reads_stored_numbers() const;

  // YAML that sets an option of the data set. One that has no such option is read by `folder` instead, with patterns
  // that fit its files: all that lie there, whatever its lists name.
  std::string set(const std::string& option, const ss_options_object& value) const;

  // YAML of a data set that reads the labels as pictures in these colours, as "#rrggbb". A class that has one of them
  // keeps it, the others get theirs in order.
  std::string with_colors(const std::vector<std::string>& colors) const;

 private:
  ss_options_object as_folder() const;
  ss_options_object classes() const;
  std::string pattern_of(const std::string& file) const;

  std::string type_;
  ss_options_object options_;
  const DatasetInfo& info_;
  std::string split_;
  Dataset::Description example_;
  bool skips_broken_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_USE_H
