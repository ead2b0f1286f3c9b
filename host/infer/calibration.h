#ifndef SSHOST_INFER_CALIBRATION_H
#define SSHOST_INFER_CALIBRATION_H

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "infer/activation_range.h"
#include "infer/inference.h"
#include "state/conv_watch.h"
#include "state/quantisation.h"

namespace sshost::infer {

// Watches a model at work in float32, and says how it can run in int8: the ranges of activations, and which
// convolutions hand their output on as codes, since all that reads it are convolutions in int8 too.
//
// In float32 stay those that read the image or give the scores of the classes, and those of pooled maps of a few cells,
// which cost nothing. Where maps are concatenated, all have the same codes.
//
// Threads: one at a time. What it is made with outlives it.
class Calibration {
 public:
  Calibration(const model::Segmentor& segmentor, state::StateStore& store, const std::vector<data::Class>& classes,
              const config::EvaluateConfig& config);
  ~Calibration();
  Calibration(const Calibration&) = delete;
  Calibration& operator=(const Calibration&) = delete;

  // images [N, C, H, W], normalised: sees what the model makes of them, at the middle one of
  // evaluate.scales. The store is not quantised.
  void add(const at::Tensor& images);

  // With these ranges; `kept` stay in float32 besides, and why. Throws Error where nothing was seen.
  state::Quantisation quantisation(const RangeMethod& method,
                                   const std::map<std::string, std::string>& kept = {}) const;

 private:
  class Graph;
  std::unique_ptr<Graph> graph_;
  Inference inference_;
};

// For each convolution of `quantisation`: the share of pixels of `images`, 0 to 1, whose class changes where it alone
// runs in int8. `tell` is told how many are done. Leaves the store without quantisation.
std::map<std::string, double> sensitivities(const model::Segmentor& segmentor, state::StateStore& store,
                                            const std::vector<data::Class>& classes,
                                            const config::EvaluateConfig& config,
                                            const state::Quantisation& quantisation, const at::Tensor& images,
                                            const std::function<void(size_t done)>& tell);

}  // namespace sshost::infer

#endif  // SSHOST_INFER_CALIBRATION_H
