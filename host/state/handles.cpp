#include "state/handles.h"

#include "bridge/handle.h"

namespace sshost::state {

namespace {

// How often it has been written to; 0 where nobody counts.
uint32_t version_of(const at::Tensor& tensor) {
  return tensor.defined() && !tensor.is_inference() ? tensor.unsafeGetTensorImpl()->version_counter().current_version()
                                                    : 0;
}

}  // namespace

LentHandles::LentHandles(const std::vector<at::Tensor>& tensors) {
  handles_.reserve(tensors.size());
  versions_.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) {
    versions_.push_back(version_of(tensor));
    handles_.push_back(bridge::to_handle(tensor));
  }
}

bool LentHandles::any_changed() const {
  for (std::size_t index = 0; index < handles_.size(); ++index) {
    if (version_of(bridge::borrow(handles_[index])) != versions_[index]) return true;
  }
  return false;
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
