// Tensors that cross the boundary: what a call lends to a component, and what the component gives.
#ifndef SSHOST_DETAIL_GIVE_HPP
#define SSHOST_DETAIL_GIVE_HPP

#include <cstdint>
#include <utility>
#include <vector>

#include "../tensor.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// Handles of the host's that a call lends.
inline std::vector<Tensor> share(const ss_tensor* handles, uint32_t count) {
  std::vector<Tensor> tensors;
  tensors.reserve(count);
  for (uint32_t i = 0; i < count; ++i) tensors.push_back(Tensor::share(handles[i]));
  return tensors;
}

// A component's result on its way to the host.
inline ss_tensor give(Tensor result) {
  if (!result.defined()) throw Error("returned a tensor that is not defined", SS_INTERNAL);
  return result.release();
}

// All or none: on an error nothing is handed over.
inline void give_all(std::vector<Tensor> results, ss_tensor* out) {
  for (const Tensor& result : results) {
    if (!result.defined()) throw Error("returned a tensor that is not defined", SS_INTERNAL);
  }
  for (Tensor& result : results) *out++ = result.release();
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
