#ifndef SSHOST_DATA_DIAGNOSIS_H
#define SSHOST_DATA_DIAGNOSIS_H

#include <string>
#include <vector>

#include "data/inspection.h"

namespace sshost::data {

// Something that is wrong with a split, for people.
struct Finding {
  std::string what;
  std::vector<std::string> places;  // files, numbers; all of them
  std::string mend;                 // lines of YAML that mend it, or what else to do
};

// What an inspection found. `has_label_map` says whether the data set has that option, as `folder` does.
std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, bool has_label_map);

}  // namespace sshost::data

#endif  // SSHOST_DATA_DIAGNOSIS_H
