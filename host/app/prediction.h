#ifndef SSHOST_APP_PREDICTION_H
#define SSHOST_APP_PREDICTION_H

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "app/image_source.h"
#include "app/log.h"
#include "app/opened_model.h"
#include "app/prediction_inputs.h"
#include "data/transform.h"
#include "infer/inference.h"
#include "output/prediction_writer.h"
#include "run/session.h"

namespace sshost::app {

struct PredictionRequest {
  std::filesystem::path checkpoint;  // a file
  std::filesystem::path folder;      // where the files go
  bool of_split = false;             // the samples of data.evaluate.split are predicted, with the data set's classes
  bool streams = false;              // row by row whatever the size
  bool stops_at_first = false;       // at the first image that cannot be predicted; else it is skipped
};

struct PredictionCount {
  int64_t predicted = 0;
  int64_t skipped = 0;
};

// One `sshost predict`: a model that writes its predictions as files. Threads: one at a time.
class Prediction {
 public:
  // Builds and loads the model. `log` and `stop`, which is looked at between images, outlive it. Throws UsageError for
  // what does not fit.
  Prediction(run::Session session, PredictionRequest request, Log& log, const std::atomic<bool>& stop);
  Prediction(const Prediction&) = delete;
  Prediction& operator=(const Prediction&) = delete;

  // Predicts image files. Nothing where `stop` was set meanwhile: what is one file for all images is not written then.
  // Throws UsageError before any work where predictions would take each other's files, or those that are read.
  std::optional<PredictionCount> predict(const std::vector<PredictionInput>& inputs);

  // Predicts the samples of the split, likewise.
  std::optional<PredictionCount> predict_split();

 private:
  void predict_one(const PredictionInput& input);
  void predict_whole(const PredictionInput& input, const cv::Mat& image);
  void predict_rows(const PredictionInput& input, image::RowReader& rows);
  void require_sound(const image::RowReader& rows) const;
  void predict_or_skip(const PredictionInput& input, PredictionCount& count);
  void require_own_files(const std::vector<PredictionInput>& inputs) const;

  PredictionRequest request_;
  Log& log_;
  const std::atomic<bool>& stop_;
  OpenedModel opened_;
  output::PredictionOptions options_;
  output::PredictionWriter writer_;
  infer::Inference inference_;
  data::TransformList transforms_;
  ImageSource images_;
};

}  // namespace sshost::app

#endif  // SSHOST_APP_PREDICTION_H
