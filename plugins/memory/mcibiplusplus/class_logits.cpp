#include "class_logits.hpp"

#include <sshost/ops.hpp>

namespace mcibiplusplus {
namespace {

// What two passes count, and what their sum is divided by: as published, not by the sum of the two.
constexpr double kThisPass = 2.0, kEarlierPass = 1.5, kDivisor = 2.5;

// int64 [N, h, w] -> [N, classes, h, w].
ss::Tensor one_hot_map(const ss::Tensor& labels, int64_t classes) {
  return ss::permute(ss::one_hot(labels, classes), {0, 3, 1, 2});
}

}  // namespace

ss::Tensor one_hot_labels(const ss::Tensor& labels, int64_t classes, ss::Size size, const ss::Tensor& like) {
  const ss::Tensor map = ss::unsqueeze(ss::to(labels, ss::Dtype::float32), 1);  // exact below 2^24
  const ss::Tensor small = ss::to(ss::squeeze(ss::resize_nearest(map, size), 1), ss::Dtype::int64);
  const ss::Tensor valid = ss::logical_and(small >= 0, small < classes);
  const ss::Tensor hot = one_hot_map(ss::where(valid, small, 0), classes);
  return ss::to_like(ss::logical_and(hot, ss::unsqueeze(valid, 1)), like);
}

ss::Tensor with_earlier_pass(const ss::Tensor& logits, const ss::Tensor& earlier) {
  const ss::Tensor resized = ss::resize_bilinear(earlier, logits.spatial());
  return (logits * kThisPass + resized * kEarlierPass) / kDivisor;
}

ss::Tensor class_weights(const ss::Tensor& logits, bool hard) {
  if (!hard) return ss::softmax(logits, 1);
  return ss::to_like(one_hot_map(ss::argmax(logits, 1), logits.size(1)), logits);
}

}  // namespace mcibiplusplus
