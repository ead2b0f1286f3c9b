#ifndef SSHOST_STATE_OUTPUT_WATCH_H
#define SSHOST_STATE_OUTPUT_WATCH_H

#include <ATen/core/Tensor.h>

#include <string>

namespace sshost::state {

// Is told of what a forward computes, in its order: to find the first layer whose output is wrong. On the threads that
// compute.
class OutputWatch {
 public:
  virtual ~OutputWatch() = default;

  // `what` is such as `layer "conv1"` of the component at work (plugin::AtWork), or `the features of the backbone`.
  virtual void on_output(const std::string& what, const at::Tensor& output) = 0;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_OUTPUT_WATCH_H
