#ifndef SSHOST_DATA_DATASET_USE_H
#define SSHOST_DATA_DATASET_USE_H

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/option_value.h"
#include "data/dataset_info.h"
#include "data/true_values.h"

namespace sshost::data {

// What may mend a finding.
struct Treatment {
  std::string yaml;                          // added to the pipeline; or what else to do
  std::optional<ss_options_object> options;  // the data set's, complete, with it; nothing where it is no change of them
};

// Options of the data set with their new values.
using Changes = std::vector<std::pair<std::string, ss_options_object>>;

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

  bool has(const std::string& option) const { return options_.find(option) != nullptr; }
  // Whether labels get the size of their image.
  bool resizes() const;
  // Whether `label_map` gives numbers another meaning.
  bool maps_numbers() const;
  // The numbers that it names, where no others count as the nearest of them; else none.
  std::set<int32_t> mapped_numbers() const;
  // Of labels that are read as colours: whether one of the classes' colours is as near as `label_tolerance` allows.
  bool has_color_near(uint32_t color, const std::vector<Class>& classes) const;
  // The options of the data set with the numbers that the files hold.
  ss_options_object without_map() const;

  // Sets these options. Of a data set that has not all of them, what else to do.
  Treatment treat(const Changes& changes, const std::string& comment) const;

  // Reads the labels as pictures in colours, the true ones of those counted. Classes keep their own colour where any of
  // them is one of these; those without get what is left in order. Empty where these are no labels' colours.
  std::vector<Treatment> read_as_colors(const ColorCounts& counts, bool lossy) const;

  // For `classes`: the one that there is behind a background.
  ss_options_object classes_behind_a_background() const;

 private:
  std::string correct_the_files() const;
  std::vector<std::optional<std::string>> own_colors() const;

  std::string type_;
  ss_options_object options_;
  bool skips_broken_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_USE_H
