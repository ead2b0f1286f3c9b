#ifndef SSHOST_LAYER_SYNCHRONISED_BATCH_NORM_H
#define SSHOST_LAYER_SYNCHRONISED_BATCH_NORM_H

#include <ATen/core/Tensor.h>

#include "state/ranks.h"

namespace sshost::layer {

struct RunningStatistics {
  at::Tensor mean;      // [C]; undefined: none are kept
  at::Tensor variance;  // [C]
  double momentum;      // the weight of a batch
};

// Batch norm in training over the values of all ranks, which may have different numbers of them: what it would be on
// one process with all of them, forward and backward. input [N, C, ...]; weight and bias [C]. Their gradients are this
// rank's part, to be added up like those of every parameter. (Zhang et al., "Context Encoding for Semantic
// Segmentation", CVPR 2018.)
// One sum over ranks in the forward, one in the backward, each of 2 C numbers. Any device and precision.
at::Tensor synchronised_batch_norm(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                   const RunningStatistics& running, double epsilon, const state::Ranks& ranks);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_SYNCHRONISED_BATCH_NORM_H
