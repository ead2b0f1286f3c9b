#ifndef SSHOST_APP_EVALUATE_OBSERVER_H
#define SSHOST_APP_EVALUATE_OBSERVER_H

#include <cstdint>
#include <vector>

#include "app/log.h"
#include "app/report_images.h"
#include "data/loader.h"
#include "evaluate/observer.h"
#include "output/prediction_writer.h"
#include "report/progress.h"
#include "report/report.h"

namespace sshost::app {

// What an evaluation leaves besides its metrics.
struct EvaluationOutput {
  int64_t report_images = 0;                   // so many are kept for the report
  output::PredictionWriter* writer = nullptr;  // gets every prediction; it outlives the observer
  bool skips_unwritable = false;               // tells of a name that cannot be written, and goes on
};

// Tells the log and its watcher of an evaluation, or a prediction of a split, and keeps or writes predictions.
class EvaluateObserver final : public evaluate::EvaluationObserver {
 public:
  // The loader gives the images that are told of, and outlives it.
  EvaluateObserver(Log& log, data::Loader& loader, const EvaluationOutput& output)
      : log_(log), loader_(loader), output_(output), images_(output.report_images) {}

  void on_image(const evaluate::EvaluatedImage& image) override;
  int64_t skipped() const { return skipped_; }  // predictions that could not be written
  void done() { log_.watcher().on_pause(); }
  std::vector<report::Comparison> take_comparisons() { return images_.take(loader_); }

 private:
  void write(const output::PredictedImage& image);

  Log& log_;
  report::EvaluationLines lines_;
  data::Loader& loader_;
  EvaluationOutput output_;
  ReportImages images_;
  int64_t skipped_ = 0;
};

}  // namespace sshost::app

#endif  // SSHOST_APP_EVALUATE_OBSERVER_H
