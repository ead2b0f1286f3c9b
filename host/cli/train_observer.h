#ifndef SSHOST_CLI_TRAIN_OBSERVER_H
#define SSHOST_CLI_TRAIN_OBSERVER_H

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "cli/log.h"
#include "cli/tensorboard_log.h"
#include "data/label_census.h"
#include "report/progress.h"
#include "train/observer.h"

namespace sshost::cli {

// Shows a training to a person and to TensorBoard, and passes its wish for an evaluation on.
class TrainObserver final : public train::TrainingObserver {
 public:
  using Evaluate = std::function<std::optional<double>(int64_t step, state::StateStore& store)>;

  // `tensorboard` may be nullptr; `classes` outlive it.
  TrainObserver(report::Console& console, Log& log, TensorboardLog* tensorboard,
                const std::vector<data::Class>& classes, Evaluate evaluate)
      : progress_(console), log_(log), tensorboard_(tensorboard), classes_(classes), evaluate_(std::move(evaluate)) {}

  void on_step(const train::StepRecord& record) override;
  void on_log(const train::StepRecord& record) override;
  void on_labels(const data::LabelCensus& labels) override;
  void on_checkpoint(const std::filesystem::path& path) override;
  std::optional<double> on_evaluate(int64_t step, state::StateStore& store) override;
  void done() { progress_.done(); }

 private:
  report::Progress progress_;
  Log& log_;
  TensorboardLog* tensorboard_;
  const std::vector<data::Class>& classes_;
  Evaluate evaluate_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_TRAIN_OBSERVER_H
