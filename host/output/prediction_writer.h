#ifndef SSHOST_OUTPUT_PREDICTION_WRITER_H
#define SSHOST_OUTPUT_PREDICTION_WRITER_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "data/sample.h"
#include "data/submission.h"
#include "infer/scores.h"

namespace sshost::output {

// One image's prediction.
struct PredictedImage {
  std::string id;                  // names its files: a relative path without an ending
  at::Tensor classes;              // int64 [h, w] on the CPU (infer::Decision)
  infer::Scores scores;            // of the image's size, on any device
  std::function<cv::Mat()> image;  // gives the image, CV_8UC3 RGB [h, w]; called where a format shows it
  at::Tensor masks = {};           // bool [K, h, w] on the CPU; of independent outputs
};

// A way to write predictions. Threads: one at a time.
class PredictionFormat {
 public:
  virtual ~PredictionFormat() = default;
  virtual void write(const PredictedImage& image) = 0;

  // After the last image: completes what is one file for all of them, which is not there before.
  virtual void finish() {}
};

// Where predictions go, and what of.
struct PredictionOptions {
  std::filesystem::path folder;               // made where it is not there, as are the folders that ids name
  std::vector<std::string> formats;           // of evaluate.prediction_formats; docs/predictions.md tells their files
  std::vector<data::Class> classes;           // of the data set, with their palette
  bool scores_are_probabilities = false;      // else logits: the softmax or sigmoid of their mean is taken
  std::vector<data::Class> independent = {};  // those of independent outputs; empty: outputs are exclusive
  std::vector<data::Submission> submissions = {};  // the layouts of data sets that formats name

  // Those that a model scores.
  const std::vector<data::Class>& scored() const { return independent.empty() ? classes : independent; }
};

// Writes each image in every format; nothing before the first image. Threads: one at a time.
class PredictionWriter {
 public:
  // Throws UsageError where two formats write the same files, where there is no such format, or a benchmark's is asked
  // for with other classes than the benchmark's.
  explicit PredictionWriter(const PredictionOptions& options);

  // Throw Error with the path.
  void write(const PredictedImage& image);
  void finish();

 private:
  std::vector<std::unique_ptr<PredictionFormat>> formats_;
};

// The files that are written for an image of this id, but those that all images share. Throws UsageError where a
// benchmark's format has no name for it.
std::vector<std::filesystem::path> files_of(const PredictionOptions& options, const std::string& id);

// folder / (id + ending); makes its folder.
std::filesystem::path file_for(const std::filesystem::path& folder, const std::string& id, const std::string& ending);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_PREDICTION_WRITER_H
