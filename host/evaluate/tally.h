#ifndef SSHOST_EVALUATE_TALLY_H
#define SSHOST_EVALUATE_TALLY_H

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "evaluate/metrics.h"
#include "infer/inference.h"
#include "model/outputs.h"
#include "state/ranks.h"

namespace sshost::evaluate {

// What is kept of the images that were evaluated: counts of pixels. Threads: one at a time.
class Tally {
 public:
  virtual ~Tally() = default;

  // label int64 [h, w] on the CPU, of the decision's size. Gives the image's own score.
  virtual ImageScore add(const infer::Decision& decision, const at::Tensor& label) = 0;

  struct Result {
    Metrics metrics;
    at::Tensor confusion;  // as ConfusionMatrix::counts; undefined of independent outputs
    int64_t pixels = 0;    // that count
  };
  // Of all ranks' images together.
  virtual Result result(const state::Ranks& ranks) const = 0;
};

// For outputs of either kind; `classes` of the data set.
std::unique_ptr<Tally> make_tally(const model::Outputs& outputs, int64_t classes, const MetricOptions& options);

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_TALLY_H
