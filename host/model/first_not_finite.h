#ifndef SSHOST_MODEL_FIRST_NOT_FINITE_H
#define SSHOST_MODEL_FIRST_NOT_FINITE_H

#include <ATen/core/Tensor.h>

#include <string>

#include "model/segmentor.h"
#include "state/execution_context.h"

namespace sshost::model {

// Where values first stop being finite in a forward over `images` (as in Segmentor::logits, which is run again), for a
// message: `layer "conv1" of backbone resnet (plugins/resnet.so)`, with a parameter that is not finite itself where
// there is one. Says so where this forward is finite.
std::string first_not_finite(const Segmentor& segmentor, state::ExecutionContext& context, const at::Tensor& images,
                             const at::Tensor& previous = {});

// The same of a training step's forward, whose loss was not finite: before the weights are changed by it. Buffers stay
// as they are; the step is this process's alone.
std::string first_not_finite(const Segmentor& segmentor, state::ExecutionContext context, const at::Tensor& images,
                             const at::Tensor& labels, const StepOptions& options);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_FIRST_NOT_FINITE_H
