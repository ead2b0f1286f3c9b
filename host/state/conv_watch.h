#ifndef SSHOST_STATE_CONV_WATCH_H
#define SSHOST_STATE_CONV_WATCH_H

#include <ATen/core/Tensor.h>

#include <span>

#include "state/state_store.h"

namespace sshost::state {

// A convolution as it was computed in float32.
struct ConvCall {
  StateId weight;
  std::span<const at::Tensor> inputs;  // those that it convolves at their first one's size
  const at::Tensor& residual;          // undefined for none
  const at::Tensor& output;
};

// Is told of each convolution of a forward, in its order, on the threads that compute: to find how it is quantised.
class ConvWatch {
 public:
  virtual ~ConvWatch() = default;
  virtual void on_conv(const ConvCall& call) = 0;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_CONV_WATCH_H
