#ifndef SSHOST_INFER_ROW_PREDICTOR_H
#define SSHOST_INFER_ROW_PREDICTOR_H

#include <ATen/core/Tensor.h>

#include <functional>
#include <opencv2/core.hpp>
#include <string>

#include "config/pipeline.h"
#include "data/transform.h"
#include "image/row_reader.h"
#include "infer/inference.h"

namespace sshost::infer {

// Predicts an image that is too large to be in memory: its rows are read, and its classes handed on, from the top to
// the bottom. The result is that of Predictor. All that is passed in outlives it. Threads: one at a time.
class RowPredictor {
 public:
  // The transforms change each pixel by itself (reason_against_rows).
  RowPredictor(Inference& inference, const data::TransformList& transforms)
      : inference_(inference), transforms_(transforms) {}

  // The classes of the next rows, int64 [rows, width] on the CPU, and the rows themselves, CV_8UC3 RGB.
  using Use = std::function<void(const at::Tensor& classes, const cv::Mat& rows)>;
  // Throws data::BrokenSample where the image is broken.
  void predict(image::RowReader& image, const Use& use);

 private:
  Inference& inference_;
  const data::TransformList& transforms_;
};

// The first setting of the pipeline that needs the whole image; empty where none does.
std::string reason_against_rows(const config::Pipeline& pipeline);

}  // namespace sshost::infer

#endif  // SSHOST_INFER_ROW_PREDICTOR_H
