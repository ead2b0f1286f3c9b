// The Swin transformer written out plainly: every token attends over the whole map, and what keeps it to its window is
// one number for each pair of tokens. Slow, and without the cutting, rolling and indexing of the plugin.
#ifndef SSHOST_TESTS_BACKBONES_SWIN_REFERENCE_H
#define SSHOST_TESTS_BACKBONES_SWIN_REFERENCE_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "backbones/bench.h"

namespace sshost::test {

struct PlainSwinShape {
  int64_t patch, window;
  std::vector<int64_t> depths, heads;
};

class PlainSwin {
 public:
  // The bench holds the weights, and outlives this.
  PlainSwin(const BackboneBench& bench, PlainSwinShape shape) : bench_(bench), shape_(std::move(shape)) {}

  // One map for each stage.
  std::vector<at::Tensor> forward(const at::Tensor& image) const;

 private:
  // A map [H, W, C] of one image.
  at::Tensor stages(at::Tensor map, std::vector<at::Tensor>& maps) const;
  at::Tensor block(const std::string& name, const at::Tensor& map, int64_t heads, int64_t shift) const;
  at::Tensor attention(const std::string& name, const at::Tensor& map, int64_t heads, int64_t shift) const;
  at::Tensor between_tokens(const at::Tensor& table, int64_t height, int64_t width, int64_t shift) const;
  at::Tensor merge(const std::string& name, const at::Tensor& map) const;

  at::Tensor linear(const std::string& name, const at::Tensor& x) const;
  at::Tensor norm(const std::string& name, const at::Tensor& x) const;

  const BackboneBench& bench_;
  PlainSwinShape shape_;
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_BACKBONES_SWIN_REFERENCE_H
