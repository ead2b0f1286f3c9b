// PSPNet on ResNet-50 (7x7 stem, output stride 8), written directly on LibTorch: what the same network costs without
// plugins and their contract. It reads the weights of a model that the host built.
#ifndef SSHOST_TESTS_BENCH_DIRECT_PSPNET_H
#define SSHOST_TESTS_BENCH_DIRECT_PSPNET_H

#include <ATen/core/Tensor.h>

#include <string>

#include "state/state_store.h"

namespace sshost::bench {

class DirectPspNet {
 public:
  // The store of a `resnet` (conv7x7 stem, pytorch style) with a `psp` head; it outlives this.
  explicit DirectPspNet(const state::StateStore& store) : store_(store) {}

  // images [N, 3, H, W] -> logits [N, K, H/8, W/8], in inference.
  at::Tensor logits(const at::Tensor& images) const;

 private:
  struct Geometry {
    int64_t stride = 1;
    int64_t padding = 0;
    int64_t dilation = 1;
  };
  const at::Tensor& state(const std::string& name) const { return store_.find(name)->value; }
  at::Tensor conv_norm(const at::Tensor& x, const std::string& conv, const std::string& norm, Geometry geometry) const;
  at::Tensor bottleneck(const at::Tensor& x, const std::string& block, int64_t stride, int64_t dilation) const;
  at::Tensor backbone(const at::Tensor& images) const;
  at::Tensor pyramid(const at::Tensor& x) const;

  const state::StateStore& store_;
};

}  // namespace sshost::bench

#endif  // SSHOST_TESTS_BENCH_DIRECT_PSPNET_H
