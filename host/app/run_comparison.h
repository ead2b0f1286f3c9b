#ifndef SSHOST_APP_RUN_COMPARISON_H
#define SSHOST_APP_RUN_COMPARISON_H

#include <string>
#include <vector>

#include "report/run_comparison.h"

namespace sshost::app {

// What the runs in these folders have measured, and where their pipelines differ. Throws UsageError where a folder holds
// no run, Error where its pipeline cannot be read.
report::RunComparison compare_runs(const std::vector<std::string>& folders);

}  // namespace sshost::app

#endif  // SSHOST_APP_RUN_COMPARISON_H
