#ifndef SSHOST_RUN_SUBMISSIONS_H
#define SSHOST_RUN_SUBMISSIONS_H

#include <vector>

#include "config/pipeline.h"
#include "config/problems.h"
#include "data/submission.h"
#include "plugin/registry.h"

namespace sshost::run {

// Those of evaluate.prediction_formats that are layouts of data sets, each as the pipeline's own data set offers it, or
// else the one that does. A format that nobody offers, and one that several do, goes to `problems`.
std::vector<data::Submission> chosen_submissions(const plugin::Registry& registry, const config::Pipeline& pipeline,
                                                 config::Problems& problems);

}  // namespace sshost::run

#endif  // SSHOST_RUN_SUBMISSIONS_H
