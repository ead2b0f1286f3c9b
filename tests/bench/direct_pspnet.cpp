#include "bench/direct_pspnet.h"

#include <ATen/ATen.h>

namespace sshost::bench {

at::Tensor DirectPspNet::conv_norm(const at::Tensor& x, const std::string& conv, const std::string& norm,
                                   Geometry geometry) const {
  const at::Tensor y = at::conv2d(x, state(conv + ".weight"), {}, {geometry.stride, geometry.stride},
                                  {geometry.padding, geometry.padding}, {geometry.dilation, geometry.dilation});
  return at::batch_norm(y, state(norm + ".weight"), state(norm + ".bias"), state(norm + ".running_mean"),
                        state(norm + ".running_var"), false, 0.1, 1e-5, true);
}

at::Tensor DirectPspNet::bottleneck(const at::Tensor& x, const std::string& block, int64_t stride,
                                    int64_t dilation) const {
  at::Tensor y = conv_norm(x, block + ".conv1", block + ".bn1", {}).relu_();
  y = conv_norm(y, block + ".conv2", block + ".bn2", {stride, dilation, dilation}).relu_();
  y = conv_norm(y, block + ".conv3", block + ".bn3", {});
  const bool projects = store_.find(block + ".downsample.0.weight") != nullptr;
  y += projects ? conv_norm(x, block + ".downsample.0", block + ".downsample.1", {stride, 0, 1}) : x;
  return y.relu_();
}

at::Tensor DirectPspNet::backbone(const at::Tensor& images) const {
  struct Stage {
    int blocks;
    int64_t stride, first_dilation, dilation;
  };
  const Stage stages[] = {{3, 1, 1, 1}, {4, 2, 1, 1}, {6, 1, 1, 2}, {3, 1, 2, 4}};
  at::Tensor x = conv_norm(images, "backbone.conv1", "backbone.bn1", {2, 3, 1}).relu_();
  x = at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1});
  for (int s = 0; s < 4; ++s) {
    for (int b = 0; b < stages[s].blocks; ++b) {
      const std::string name = "backbone.layer" + std::to_string(s + 1) + "." + std::to_string(b);
      x = bottleneck(x, name, b == 0 ? stages[s].stride : 1, b == 0 ? stages[s].first_dilation : stages[s].dilation);
    }
  }
  return x;
}

at::Tensor DirectPspNet::pyramid(const at::Tensor& x) const {
  std::vector<at::Tensor> parts = {x};
  const int64_t cells[] = {1, 2, 3, 6};
  for (int i = 0; i < 4; ++i) {
    const std::string branch = "head.branches." + std::to_string(i);
    const at::Tensor pooled = at::adaptive_avg_pool2d(x, {cells[i], cells[i]});
    const at::Tensor narrow = conv_norm(pooled, branch + ".conv", branch + ".norm", {}).relu_();
    parts.push_back(at::upsample_bilinear2d(narrow, x.sizes().slice(2), false));
  }
  return conv_norm(at::cat(parts, 1), "head.fuse.conv", "head.fuse.norm", {1, 1, 1}).relu_();
}

at::Tensor DirectPspNet::logits(const at::Tensor& images) const {
  return at::conv2d(pyramid(backbone(images)), state("head.classifier.weight"), state("head.classifier.bias"));
}

}  // namespace sshost::bench
