#ifndef SSHOST_STATE_HANDLES_H
#define SSHOST_STATE_HANDLES_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/tensor.h>

#include <cstdint>
#include <vector>

namespace sshost::state {

// Handles that are lent to a plugin for one call.
class LentHandles {
 public:
  // An undefined tensor becomes NULL.
  explicit LentHandles(const std::vector<at::Tensor>& tensors);
  ~LentHandles();
  LentHandles(const LentHandles&) = delete;
  LentHandles& operator=(const LentHandles&) = delete;

  const ss_tensor* data() const { return handles_.data(); }
  uint32_t size() const { return static_cast<uint32_t>(handles_.size()); }
  ss_tensor operator[](std::size_t index) const { return handles_[index]; }

  // Whether a tensor has been written to since it was lent. Those of inference mode do not tell.
  bool any_changed() const;

 private:
  std::vector<ss_tensor> handles_;
  std::vector<uint32_t> versions_;  // of each
};

// The tensors of handles that a plugin returned, which are used up; NULL becomes an undefined tensor.
std::vector<at::Tensor> take_all(const std::vector<ss_tensor>& handles);

}  // namespace sshost::state

#endif  // SSHOST_STATE_HANDLES_H
