#ifndef SSHOST_ONNX_RECORDER_H
#define SSHOST_ONNX_RECORDER_H

#include <ATen/core/Tensor.h>

#include <functional>

#include "onnx/trace.h"
#include "state/execution_context.h"

namespace sshost::onnx {

using Forward = std::function<at::Tensor(const at::Tensor& image)>;

// Runs `forward` and tells which operators it called: those that plugins call by name, those that layers are declared
// to be, and the host's own. They are seen at LibTorch's dispatcher, by an observer that is there for the length of the
// call, so a forward that nobody records does nothing for it. `context` is the one that the forward runs in: its layers
// must not be prepared (ExecutionContext::prepared), and it tells their names.
//
// Of the tensors those that depend on the image keep no memory. Threads: what other threads compute is not seen.
Trace record(state::ExecutionContext& context, const at::Tensor& image, const Forward& forward);

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_RECORDER_H
