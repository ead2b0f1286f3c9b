#ifndef SSHOST_APP_TENSORBOARD_LOG_H
#define SSHOST_APP_TENSORBOARD_LOG_H

#include <cstdint>
#include <vector>

#include "data/sample.h"
#include "evaluate/evaluator.h"
#include "report/event_file.h"
#include "report/report.h"
#include "run/run_folder.h"
#include "train/observer.h"

namespace sshost::app {

// What a run measures, for TensorBoard: an event file in the run's folder.
//   loss/total, loss/<term>; train/learning_rate, train/images_per_second
//   evaluate/mean_iou, mean_accuracy, pixel_accuracy, images_per_second; iou/<class>
//   images/<sample>: the image under its truth, and under the prediction
class TensorboardLog {
 public:
  explicit TensorboardLog(const run::RunFolder& folder) : file_(folder.path()) {}

  // A training begins or goes on with this step: what earlier files say of it and of later ones is void.
  void begin(int64_t first_step) { file_.begin(first_step); }

  void add(const train::StepRecord& record);
  void add(const evaluate::Evaluation& evaluation, const std::vector<data::Class>& classes, int64_t step);
  void add(const std::vector<report::Comparison>& comparisons, const std::vector<data::Class>& classes, int64_t step);

 private:
  report::EventFile file_;
};

}  // namespace sshost::app

#endif  // SSHOST_APP_TENSORBOARD_LOG_H
