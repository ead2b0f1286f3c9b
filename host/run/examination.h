#ifndef SSHOST_RUN_EXAMINATION_H
#define SSHOST_RUN_EXAMINATION_H

#include <cstdint>
#include <string>
#include <vector>

#include "data/diagnosis.h"
#include "run/session.h"

namespace sshost::run {

// What was found of a split.
struct Examination {
  data::Inspection seen;   // as far as it could be opened
  data::DatasetInfo info;  // likewise
  std::vector<data::Finding> findings;
  std::vector<std::string> images;  // the paths of all samples
};

// The splits that the pipeline uses, and "test" where the data set divides its files into three.
std::vector<std::string> splits_to_examine(const Session& session);

// Opens a split, first without passing over anything; reads at most `limit` samples (0: all), and tries what may mend
// what it finds.
Examination examine(const Session& session, const std::string& split, int64_t limit);

}  // namespace sshost::run

#endif  // SSHOST_RUN_EXAMINATION_H
