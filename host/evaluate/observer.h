#ifndef SSHOST_EVALUATE_OBSERVER_H
#define SSHOST_EVALUATE_OBSERVER_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "evaluate/metrics.h"
#include "infer/scores.h"

namespace sshost::evaluate {

// One image that was evaluated, or only predicted.
struct EvaluatedImage {
  int64_t index;  // in the data set
  std::string id;
  infer::Scores scores;   // on the model's device, at the stored image's size
  at::Tensor prediction;  // int64 [h, w] on the CPU, the data set's numbers (infer::Decision)
  at::Tensor label;       // int64 [h, w] on the CPU; undefined where it is only predicted
  ImageScore score;       // where there is a label
  int64_t done;           // images of this process so far, this one included
  int64_t total;          // of this process
  double seconds;         // since it began
  at::Tensor masks = {};  // bool [classes, h, w] on the CPU; of independent outputs
};

class EvaluationObserver {
 public:
  virtual ~EvaluationObserver() = default;
  virtual void on_image(const EvaluatedImage& /*image*/) {}
};

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_OBSERVER_H
