#ifndef SSHOST_APP_RUN_REPORT_H
#define SSHOST_APP_RUN_REPORT_H

#include <string>
#include <vector>

#include "config/pipeline.h"
#include "data/sample.h"
#include "plugin/component.h"
#include "report/report.h"
#include "run/run_folder.h"

namespace sshost::app {

// What a report takes that the run's folder does not hold.
struct RunFacts {
  const config::Pipeline& pipeline;
  const std::vector<const plugin::Component*>& components;  // used by the run
  const std::vector<data::Class>& classes;                  // of the data set, which images are coloured by
  std::vector<data::Class> outputs;                         // of the model, which scores are of
  std::vector<report::Comparison> comparisons;
  std::vector<report::ImageRow> images;  // of the last evaluation, the worst first
  std::string state;                     // "finished", "stopped at step 20 of 100"
  double seconds = 0;                    // of this process
  bool evaluated = false;
  bool resumed = false;
};

// Writes the folder's report.html from its metrics and the facts.
void write_run_report(const run::RunFolder& folder, RunFacts facts);

}  // namespace sshost::app

#endif  // SSHOST_APP_RUN_REPORT_H
