#ifndef SSHOST_CLI_TRAIN_OBSERVER_H
#define SSHOST_CLI_TRAIN_OBSERVER_H

#include <cstdint>
#include <functional>
#include <optional>

#include "cli/log.h"
#include "cli/tensorboard_log.h"
#include "engine/observer.h"
#include "report/progress.h"

namespace sshost::cli {

// Shows a training to a person and to TensorBoard, and passes its wish for an evaluation on.
class TrainObserver final : public engine::TrainingObserver {
 public:
  using Evaluate = std::function<std::optional<double>(int64_t step, model::StateStore& store)>;

  // `tensorboard` may be nullptr.
  TrainObserver(report::Console& console, Log& log, TensorboardLog* tensorboard, Evaluate evaluate)
      : progress_(console), log_(log), tensorboard_(tensorboard), evaluate_(std::move(evaluate)) {}

  void on_step(const engine::StepRecord& record) override;
  void on_log(const engine::StepRecord& record) override;
  void on_checkpoint(const std::filesystem::path& path) override;
  std::optional<double> on_evaluate(int64_t step, model::StateStore& store) override;
  void done() { progress_.done(); }

 private:
  report::Progress progress_;
  Log& log_;
  TensorboardLog* tensorboard_;
  Evaluate evaluate_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_TRAIN_OBSERVER_H
