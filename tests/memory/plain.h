// The memories' updates as their equations read: one class at a time, on features resized to the labels.
#ifndef SSHOST_TESTS_MEMORY_PLAIN_H
#define SSHOST_TESTS_MEMORY_PLAIN_H

#include <ATen/core/Tensor.h>

namespace sshost::test {

// The features [P, C] of the pixels of class `c`. representation [N, C, h, w], labels int64 [N, H, W].
at::Tensor pixels_of(const at::Tensor& representation, const at::Tensor& labels, int64_t c);

// MCIBI: memory [K, m, C]. With several vectors a class, `cosine` is what the method has.
at::Tensor plain_mcibi(const at::Tensor& memory, const at::Tensor& representation, const at::Tensor& labels,
                       double momentum, bool cosine);

// MCIBI++: memory [K, 2].
at::Tensor plain_mcibiplusplus(const at::Tensor& memory, const at::Tensor& representation, const at::Tensor& labels,
                               double momentum);

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MEMORY_PLAIN_H
