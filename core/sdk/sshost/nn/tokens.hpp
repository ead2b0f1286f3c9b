// A map of vectors as a list of them, row by row, and back.
#ifndef SSHOST_NN_TOKENS_HPP
#define SSHOST_NN_TOKENS_HPP

#include "../ops/shape.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

// [N, C, h, w] -> [N, h * w, C].
inline Tensor tokens_of(const Tensor& map) { return transpose(flatten(map, 2), 1, 2); }

// [N, h * w, C] -> [N, C, h, w].
inline Tensor map_of(const Tensor& tokens, Size size) {
  return reshape(transpose(tokens, 1, 2), {tokens.size(0), tokens.size(2), size.height, size.width});
}

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
