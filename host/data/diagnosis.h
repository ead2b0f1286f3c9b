#ifndef SSHOST_DATA_DIAGNOSIS_H
#define SSHOST_DATA_DIAGNOSIS_H

#include <string>
#include <vector>

#include "data/dataset_use.h"
#include "data/inspection.h"

namespace sshost::data {

// Something that is wrong with a split, for people.
struct Finding {
  std::string what;
  std::vector<std::string> places;  // files, numbers; all of them
  std::string mend;                 // YAML, that mends it where it is added to the pipeline; or what else to do
  bool is_note = false;  // nothing has to be done: the pipeline says what becomes of it, or it may well be so
};

// What an inspection found.
std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use);

}  // namespace sshost::data

#endif  // SSHOST_DATA_DIAGNOSIS_H
