// The MLP of a transformer's layer: two linear layers with GELU between, each followed by dropout (Vaswani et al.,
// "Attention Is All You Need", NeurIPS 2017; GELU as in vision transformers).
//
//   ss::nn::Mlp mlp(build, {.channels = 1024, .hidden = 4096});
//   x = x + mlp(ctx, norm(ctx, x));
#ifndef SSHOST_NN_MLP_HPP
#define SSHOST_NN_MLP_HPP

#include <cstdint>

#include "dropout.hpp"
#include "linear.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct MlpSpec {
  int64_t channels = 0;
  int64_t hidden = 0;  // channels between the two layers
  double dropout = 0;  // after each of them
};

class Mlp {
 public:
  // Names as in timm: mlp.fc1, mlp.fc2.
  Mlp(const Builder& build, const MlpSpec& spec)
      : expand_(build, "mlp.fc1", {.in = spec.channels, .out = spec.hidden, .activation = gelu}),
        reduce_(build, "mlp.fc2", {.in = spec.hidden, .out = spec.channels}),
        dropout_(build, spec.dropout) {}

  // [..., channels] -> the same shape.
  Tensor operator()(Context& ctx, const Tensor& x) const {
    return dropout_(ctx, reduce_(ctx, dropout_(ctx, expand_(ctx, x))));
  }

 private:
  Linear expand_;
  Linear reduce_;
  Dropout dropout_;
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
