#ifndef SSHOST_ENGINE_PREDICTOR_H
#define SSHOST_ENGINE_PREDICTOR_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <vector>

#include "data/sample.h"
#include "data/transform.h"
#include "engine/inference.h"

namespace sshost::engine {

// Images with an ending that is decoded here: `path` itself, or those in the folder `path`, sorted, its subfolders
// included. Throws UsageError where there is none.
std::vector<std::filesystem::path> find_images(const std::filesystem::path& path);

// Decodes to CV_8UC3 RGB. Throws Error with the path.
cv::Mat read_image(const std::filesystem::path& path);

// Where the files of one prediction go.
struct PredictionFiles {
  std::filesystem::path mask;     // "<folder>/<id>.png"
  std::filesystem::path overlay;  // "<folder>/<id>.overlay.jpg"
};

// Writes the mask with its palette and the overlay on `image` (CV_8UC3 RGB of the mask's size); makes the folders that
// `id`, a relative path, needs.
PredictionFiles save_prediction(const std::filesystem::path& folder, const std::string& id, const cv::Mat& image,
                                const at::Tensor& classes, const std::vector<data::Class>& palette);

// Predicts image files with the transforms of evaluation. All that is passed in outlives it. Threads: one at a time.
class Predictor {
 public:
  Predictor(Inference& inference, const data::TransformList& transforms)
      : inference_(inference), transforms_(transforms) {}

  // image CV_8UC3 RGB -> the class of each pixel, int64 [h, w] on the CPU.
  at::Tensor predict(const cv::Mat& image);

 private:
  Inference& inference_;
  const data::TransformList& transforms_;
};

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_PREDICTOR_H
