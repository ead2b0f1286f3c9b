// One layer of a vision transformer: norm, attention, norm, MLP, each pair around a residual.
#ifndef SSHOST_PLUGINS_VIT_BLOCK_HPP
#define SSHOST_PLUGINS_VIT_BLOCK_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/attention.hpp>
#include <sshost/nn/dropout.hpp>
#include <sshost/nn/mlp.hpp>
#include <sshost/nn/norm.hpp>

#include <cstdint>

struct BlockSpec {
  int64_t channels;
  int64_t heads;
  int64_t hidden;       // channels inside the MLP
  double norm_epsilon;  // of both norms
  double dropout;       // after the attention and after each layer of the MLP
  double drop_path;     // of each residual branch
};

class Block {
 public:
  // Names as in timm: norm1, attn.qkv, attn.proj, norm2, mlp.fc1, mlp.fc2.
  Block(const ss::Builder& build, const BlockSpec& spec);

  // Tokens [N, L, channels] -> the same shape.
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& tokens) const;

 private:
  ss::nn::Norm norm1_;
  ss::nn::Attention attention_;
  ss::nn::Norm norm2_;
  ss::nn::Mlp mlp_;
  ss::nn::Dropout dropout_;
  ss::nn::DropPath drop_path_;
};

#endif
