#ifndef SSHOST_STATE_WORKSPACE_H
#define SSHOST_STATE_WORKSPACE_H

#include <ATen/core/Tensor.h>
#include <c10/core/MemoryFormat.h>

#include <cstddef>
#include <memory>

namespace sshost::state {

// Memory for an inference's maps. What a tensor gives back is handed to the next one that it fits, not to the system:
// large blocks that are mapped anew for each layer cost a tenth of a forward, and more memory at its peak.
//
// Threads: any. Tensors may outlive the workspace.
class Workspace {
 public:
  Workspace();

  // Float32 on the CPU, not initialised.
  at::Tensor empty(at::IntArrayRef sizes, at::MemoryFormat format = at::MemoryFormat::Contiguous);

  // What it holds, in use or not.
  size_t bytes() const;

 private:
  class Pool;
  std::shared_ptr<Pool> pool_;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_WORKSPACE_H
