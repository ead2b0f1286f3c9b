#ifndef SSHOST_APP_MODEL_EVALUATION_H
#define SSHOST_APP_MODEL_EVALUATION_H

#include <atomic>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "app/log.h"
#include "app/opened_model.h"
#include "state/prepared.h"

namespace sshost::app {

// Scores an opened model on a split of its pipeline's data set, which needs the model's classes (UsageError). Returns a
// line of metrics.jsonl (evaluate::to_json) of the checkpoint's step, or nullopt if `stop` was set meanwhile.
// Threads: several may evaluate one model that share `prepared` (infer::Inference).
std::optional<nlohmann::json> evaluate_model(const OpenedModel& opened, const std::string& split,
                                             state::Prepared& prepared, Log& log, const std::atomic<bool>& stop);

}  // namespace sshost::app

#endif  // SSHOST_APP_MODEL_EVALUATION_H
