#include "state/handles.h"

#include "bridge/handle.h"

namespace sshost::state {

LentHandles::LentHandles(const std::vector<at::Tensor>& tensors) {
  handles_.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) handles_.push_back(bridge::to_handle(tensor));
}

LentHandles::~LentHandles() {
  for (const ss_tensor handle : handles_) bridge::release(handle);
}

std::vector<at::Tensor> take_all(const std::vector<ss_tensor>& handles) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(handles.size());
  for (const ss_tensor handle : handles) tensors.push_back(bridge::take(handle));
  return tensors;
}

}  // namespace sshost::state
