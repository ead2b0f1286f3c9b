#ifndef SSHOST_TRAIN_OBSERVER_H
#define SSHOST_TRAIN_OBSERVER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sshost::data {
class LabelCensus;
}
namespace sshost::state {
class StateStore;
}

namespace sshost::train {

struct LossValue {
  std::string name;  // as model::LossTerm
  double value;      // weighted
};

// One training step that was done.
struct StepRecord {
  int64_t step;   // from 1 on
  int64_t steps;  // of the whole run
  int64_t epoch;  // from 1 on
  int64_t epochs;
  double learning_rate;  // that it was done with
  double loss;           // the sum of `losses`
  std::vector<LossValue> losses;
  int64_t images;
  double seconds;          // of the step, waiting for its batch included
  double loading_seconds;  // of these, waiting for the batch

  // Of a record for on_log, which stands for the steps since the one before.
  int64_t mean_of = 1;                     // so many steps: losses, seconds and loading_seconds are means
  std::vector<int64_t> class_pixels = {};  // of each class in the labels of these steps, after the transforms
  int64_t ignored_pixels = 0;              // in the same labels
};

// Told of everything a training does, on its thread. The default ignores it.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;

  virtual void on_step(const StepRecord& /*record*/) {}

  // Every `log_every` steps, at the first and at the last: the record, which has just been written to metrics.jsonl, is
  // that of the last step with the means over all since the record before.
  virtual void on_log(const StepRecord& /*record*/) {}

  // What the labels of the first steps hold, once.
  virtual void on_labels(const data::LabelCensus& /*labels*/) {}

  virtual void on_checkpoint(const std::filesystem::path& /*path*/) {}

  // Every `evaluate_every` steps, and at the last one where the best checkpoints are kept. `store` is to be scored:
  // that of the model, or a moving average of it; its state is not to be changed. Returns the mean IoU in [0, 1],
  // or nullopt if there is none.
  virtual std::optional<double> on_evaluate(int64_t /*step*/, state::StateStore& /*store*/) { return std::nullopt; }
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_OBSERVER_H
