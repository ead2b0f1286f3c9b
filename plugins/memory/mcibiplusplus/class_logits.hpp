// By which logits a pixel mines the memory, where they are not just those of a decoder.
#ifndef SSHOST_MCIBIPLUSPLUS_CLASS_LOGITS_HPP
#define SSHOST_MCIBIPLUSPLUS_CLASS_LOGITS_HPP

#include <sshost/tensor.hpp>

#include <cstdint>

namespace mcibiplusplus {

// Of the warm-up: the labels, int64 [N, H, W], resized by nearest to `size` and one-hot; 0 everywhere on a pixel whose
// label is outside [0, classes). [N, classes, height, width] in the type and on the device of `like`, without gradient.
ss::Tensor one_hot_labels(const ss::Tensor& labels, int64_t classes, ss::Size size, const ss::Tensor& like);

// Of a further pass over the same image: (2 logits + 1.5 earlier) / 2.5, as published. logits [N, K, h, w]; the earlier
// pass's result [N, K, any size] is resized to them.
ss::Tensor with_earlier_pass(const ss::Tensor& logits, const ss::Tensor& earlier);

// How much of each class a pixel takes: [N, K, h, w], summing to 1; `hard`: all of the likeliest.
ss::Tensor class_weights(const ss::Tensor& logits, bool hard);

}  // namespace mcibiplusplus

#endif
