#ifndef SSHOST_REPORT_RUN_COMPARISON_H
#define SSHOST_REPORT_RUN_COMPARISON_H

#include <optional>
#include <string>
#include <vector>

#include "report/report.h"
#include "report/table.h"

namespace sshost::report {

// What is known of a run.
struct ComparedRun {
  std::string name;
  std::optional<TrainingHistory> history;
  std::optional<Scores> scores;  // of its last evaluation
};

// Several runs side by side; the first is what the others are measured against.
struct RunComparison {
  std::vector<ComparedRun> runs;
  Table pipeline;  // the keys that differ, with a column for each run
};

// Steps, time, last loss and scores, with a column for each run; what no run has is left out.
Table metrics_table(const RunComparison& comparison);

// IoU of each class in percent and, behind each run but the first, by how many points it differs from the first one's.
// Empty rows where no run was evaluated.
Table classes_table(const RunComparison& comparison);

// One HTML file that needs nothing else: the tables, and the curves laid over each other.
std::string to_html(const RunComparison& comparison);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_RUN_COMPARISON_H
