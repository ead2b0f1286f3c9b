// One layer of a Swin transformer: attention within (shifted) windows and an MLP, each after a norm and around a
// residual.
#ifndef SSHOST_PLUGINS_SWIN_BLOCK_HPP
#define SSHOST_PLUGINS_SWIN_BLOCK_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/attention.hpp>
#include <sshost/nn/dropout.hpp>
#include <sshost/nn/mlp.hpp>
#include <sshost/nn/norm.hpp>
#include <sshost/nn/state.hpp>

#include <cstdint>

struct BlockSpec {
  int64_t channels;
  int64_t heads;
  int64_t window;    // pixels a side
  int64_t shift;     // of the windows; 0: none
  int64_t hidden;    // channels inside the MLP
  double dropout;    // after the attention and after each layer of the MLP
  double drop_path;  // of each residual branch
};

class Block {
 public:
  // Names: norm1, attn.qkv, attn.proj, attn.relative_position_bias_table [(2 window - 1)^2, heads],
  // attn.relative_position_index (a buffer), norm2, mlp.fc1, mlp.fc2.
  Block(const ss::Builder& build, const BlockSpec& spec);

  // Tokens [N, size.height * size.width, channels] -> the same shape. `mask` is shift_mask of the padded map, and is
  // not looked at by a block without a shift.
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size, const ss::Tensor& mask) const;

 private:
  ss::Tensor attend(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size, const ss::Tensor& mask) const;
  ss::Tensor bias(ss::Context& ctx) const;

  BlockSpec spec_;
  ss::nn::Norm norm1_;
  ss::nn::Parameter bias_table_;
  ss::nn::Buffer bias_index_;
  ss::nn::Attention attention_;
  ss::nn::Norm norm2_;
  ss::nn::Mlp mlp_;
  ss::nn::Dropout dropout_;
  ss::nn::DropPath drop_path_;
};

#endif
