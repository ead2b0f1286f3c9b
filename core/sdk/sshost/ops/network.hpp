// Activations, pooling, resizing and losses.
//
// Convolutions, norms and whatever has parameters are layers (nn.hpp), which the host may fuse: prefer them to calls.
// See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_NETWORK_HPP
#define SSHOST_OPS_NETWORK_HPP

#include <vector>

#include "../call.hpp"
#include "arithmetic.hpp"
#include "reduce.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

template <class = void>
Tensor relu(const Tensor& x) {
  return call<"aten::relu">({x});
}
template <class = void>
Tensor sigmoid(const Tensor& x) {
  return call<"aten::sigmoid">({x});
}
template <class = void>
Tensor tanh(const Tensor& x) {
  return call<"aten::tanh">({x});
}
template <class = void>
Tensor gelu(const Tensor& x) {
  return call<"aten::gelu">({x});
}
template <class = void>
Tensor silu(const Tensor& x) {
  return call<"aten::silu">({x});
}
template <class = void>
Tensor softplus(const Tensor& x) {
  return call<"aten::softplus">({x});
}
template <class = void>
Tensor leaky_relu(const Tensor& x, double slope = 0.01) {
  return call<"aten::leaky_relu">({x, slope});
}
template <class = void>
Tensor softmax(const Tensor& x, int64_t axis) {
  return call<"aten::softmax.int">({x, axis});
}
// softmax(scale * query . key) . value of query [N, L, C], key [N, C, S], value [N, S, D]: [N, L, D]. The host's own, which
// in inference holds the weights of a few queries at a time.
template <class = void>
Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value, double scale) {
  return call<"sshost::attention">({query, key, value, scale});
}
template <class = void>
Tensor log_softmax(const Tensor& x, int64_t axis) {
  return call<"aten::log_softmax.int">({x, axis});
}
// Divided by its Euclidean length over `axis`, which is at least `epsilon`.
template <class = void>
Tensor normalize(const Tensor& x, int64_t axis, double epsilon = 1e-12) {
  return x / clamp_min(norm(x, {axis}, true), epsilon);
}

// Means over a grid of cells x cells, or height x width.
template <class = void>
Tensor adaptive_avg_pool2d(const Tensor& x, int64_t cells) {
  return call<"aten::adaptive_avg_pool2d">({x, {cells, cells}});
}
template <class = void>
Tensor adaptive_avg_pool2d(const Tensor& x, Size cells) {
  return call<"aten::adaptive_avg_pool2d">({x, {cells.height, cells.width}});
}
struct Pool {
  int64_t kernel = 2;
  int64_t stride = 2;
  int64_t padding = 0;
  bool ceil_mode = false;         // a last window that is not whole counts too
  bool count_include_pad = true;  // of a mean: padding counts as zeros
};

template <class = void>
Tensor avg_pool2d(const Tensor& x, const Pool& pool) {
  return call<"aten::avg_pool2d">({x, pool.kernel, pool.stride, pool.padding, pool.ceil_mode, pool.count_include_pad});
}
template <class = void>
Tensor max_pool2d(const Tensor& x, const Pool& pool) {
  return call<"aten::max_pool2d">({x, pool.kernel, pool.stride, pool.padding, 1, pool.ceil_mode});
}

// [N, C, h, w] -> [N, C, size.height, size.width].
template <class = void>
Tensor resize_bilinear(const Tensor& x, Size size, bool align_corners = false) {
  return call<"aten::upsample_bilinear2d">({x, {size.height, size.width}, align_corners});
}
template <class = void>
Tensor resize_bicubic(const Tensor& x, Size size, bool align_corners = false) {
  return call<"aten::upsample_bicubic2d">({x, {size.height, size.width}, align_corners});
}
// PyTorch's "nearest": floor(i * in / out).
template <class = void>
Tensor resize_nearest(const Tensor& x, Size size) {
  return call<"aten::upsample_nearest2d">({x, {size.height, size.width}});
}
// [N, C, h, w] -> [N, C * kernel^2, windows], channel-major.
template <class = void>
Tensor unfold(const Tensor& x, int64_t kernel, int64_t stride, int64_t padding = 0, int64_t dilation = 1) {
  return call<"aten::im2col">({x, {kernel, kernel}, {dilation, dilation}, {padding, padding}, {stride, stride}});
}

// Mean over elements whose target is not `ignore_index`; logits [N, K, ...] and int64 targets [N, ...].
template <class = void>
Tensor cross_entropy_loss(const Tensor& logits, const Tensor& target, int64_t ignore_index = -100) {
  constexpr int64_t mean_reduction = 1;
  return call<"aten::cross_entropy_loss">({logits, target, none, mean_reduction, ignore_index});
}
}  // namespace v1
}  // namespace ss

#endif
