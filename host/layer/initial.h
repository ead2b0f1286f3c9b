// Initial values: PyTorch's defaults, drawn in float32 from a generator that is given. An undefined generator leaves
// memory that nothing was written to: for a model of which only the shapes matter, however large it is.
#ifndef SSHOST_LAYER_INITIAL_H
#define SSHOST_LAYER_INITIAL_H

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <sshost/abi/layers.h>

namespace sshost::layer {

// A weight of a convolution or a linear layer: uniform, with a = sqrt(5).
// He et al., "Delving Deep into Rectifiers", ICCV 2015.
at::Tensor kaiming_uniform(at::IntArrayRef sizes, at::Generator& generator);

// Uniform, for a matrix [out, in]. Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
// networks", AISTATS 2010.
at::Tensor xavier_uniform(at::IntArrayRef sizes, at::Generator& generator);

// The bias that belongs to `weight`: uniform within 1 / sqrt(fan in).
at::Tensor default_bias(int64_t size, const at::Tensor& weight, at::Generator& generator);

// What a state's spec asks for, of its dtype. Throws Error for a shape, dtype or kind that there is not.
at::Tensor initial_value(const ss_state_spec& spec, at::Generator& generator);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_INITIAL_H
