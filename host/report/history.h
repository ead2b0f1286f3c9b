#ifndef SSHOST_REPORT_HISTORY_H
#define SSHOST_REPORT_HISTORY_H

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "report/report.h"

namespace sshost::report {

// From the lines of a run's metrics.jsonl: those of kind "train" and "evaluate". Nothing where none is of kind "train".
std::optional<TrainingHistory> read_history(const std::vector<nlohmann::json>& lines);

// The last line of kind "evaluate", or nothing. `colors` are the classes' in their order.
std::optional<Scores> read_scores(const std::vector<nlohmann::json>& lines,
                                  const std::vector<std::array<uint8_t, 3>>& colors);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_HISTORY_H
