#ifndef SSHOST_APP_DOCTOR_H
#define SSHOST_APP_DOCTOR_H

#include <cstdint>
#include <functional>
#include <string>

#include "run/examination.h"
#include "run/session.h"

namespace sshost::app {

// Examines the splits that a pipeline uses, and whether they share images: `tell` gets each in turn, as soon as it is
// done. At most `limit` samples of each are read; 0: all. How many findings are no mere notes. Throws UsageError where a
// run would train and evaluate on the same files.
int64_t examine_splits(const run::Session& opened, int64_t limit,
                       const std::function<void(const std::string& split, const run::Examination& found)>& tell);

}  // namespace sshost::app

#endif  // SSHOST_APP_DOCTOR_H
