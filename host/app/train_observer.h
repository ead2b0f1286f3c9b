#ifndef SSHOST_APP_TRAIN_OBSERVER_H
#define SSHOST_APP_TRAIN_OBSERVER_H

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "app/log.h"
#include "app/tensorboard_log.h"
#include "data/label_census.h"
#include "report/progress.h"
#include "train/observer.h"

namespace sshost::app {

// Tells the log, its watcher and TensorBoard of a training, and passes its wish for an evaluation on.
class TrainObserver final : public train::TrainingObserver {
 public:
  using Evaluate = std::function<std::optional<double>(int64_t step, state::StateStore& store)>;

  // `tensorboard` may be nullptr; `classes` outlive it.
  TrainObserver(Log& log, TensorboardLog* tensorboard, const std::vector<data::Class>& classes, Evaluate evaluate)
      : log_(log), tensorboard_(tensorboard), classes_(classes), evaluate_(std::move(evaluate)) {}

  void on_step(const train::StepRecord& record) override;
  void on_log(const train::StepRecord& record) override;
  void on_labels(const data::LabelCensus& labels) override;
  void on_checkpoint(const std::filesystem::path& path) override;
  std::optional<double> on_evaluate(int64_t step, state::StateStore& store) override;
  void done() { log_.watcher().on_pause(); }

 private:
  Log& log_;
  report::Recent pace_;
  TensorboardLog* tensorboard_;
  const std::vector<data::Class>& classes_;
  Evaluate evaluate_;
};

}  // namespace sshost::app

#endif  // SSHOST_APP_TRAIN_OBSERVER_H
