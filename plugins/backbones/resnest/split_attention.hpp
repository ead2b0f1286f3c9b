// Split attention: a grouped 3x3 convolution to two splits, weighted by what their averages say.
#ifndef SSHOST_PLUGINS_RESNEST_SPLIT_ATTENTION_HPP
#define SSHOST_PLUGINS_RESNEST_SPLIT_ATTENTION_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/conv.hpp>

#include <cstdint>

class SplitAttention {
 public:
  // `width` are the channels of the input and of the result. Names as in the paper's own code: conv, bn0, fc1, bn1,
  // fc2.
  SplitAttention(const ss::Builder& build, int64_t width, int64_t dilation);

  // [N, width, h, w] -> [N, width, h, w]
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& x) const;

 private:
  int64_t width_;
  ss::nn::Conv splits_;
  ss::nn::Conv squeeze_;
  ss::nn::Conv weigh_;
};

#endif
