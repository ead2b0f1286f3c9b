#ifndef SSHOST_CLI_TRAIN_OBSERVER_H
#define SSHOST_CLI_TRAIN_OBSERVER_H

#include <cstdint>
#include <functional>

#include "cli/log.h"
#include "engine/observer.h"
#include "report/progress.h"

namespace sshost::cli {

// Shows a training to a person, and passes its wish for an evaluation on.
class TrainObserver final : public engine::TrainingObserver {
 public:
  TrainObserver(report::Console& console, Log& log, std::function<void(int64_t step)> evaluate)
      : progress_(console), log_(log), evaluate_(std::move(evaluate)) {}

  void on_step(const engine::StepRecord& record) override;
  void on_log(const engine::StepRecord& record) override;
  void on_checkpoint(const std::filesystem::path& path) override;
  void on_evaluate(int64_t step) override;
  void done() { progress_.done(); }

 private:
  report::Progress progress_;
  Log& log_;
  std::function<void(int64_t step)> evaluate_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_TRAIN_OBSERVER_H
