#ifndef SSHOST_INFER_PREDICTOR_H
#define SSHOST_INFER_PREDICTOR_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <opencv2/core.hpp>

#include "data/dataset.h"
#include "data/transform.h"
#include "infer/inference.h"

namespace sshost::infer {

// Decodes to CV_8UC3 RGB, or where `channels` is not 3 to what a data set gives (data::Sample). Throws Error with the
// path, also where the file has other channels; `strict_images` also where the decoder complains of damage.
cv::Mat read_image(const std::filesystem::path& path, const data::ImageOptions& options = {});

// Predicts image files with the transforms of evaluation (data::make_evaluation_transforms). All that is passed in
// outlives it. Threads: one at a time.
class Predictor {
 public:
  Predictor(Inference& inference, const data::TransformList& transforms)
      : inference_(inference), transforms_(transforms) {}

  // image [h, w], as read_image gives it -> its mean scores at that size, on the model's device. Throws
  // data::BrokenSample with its name where it is too small for evaluate.scales.
  Scores scores(const cv::Mat& image, const std::string& name = "an image");

 private:
  Inference& inference_;
  const data::TransformList& transforms_;
};

}  // namespace sshost::infer

#endif  // SSHOST_INFER_PREDICTOR_H
