// Dropout, from the context's generator; in inference it does nothing.
#ifndef SSHOST_NN_DROPOUT_HPP
#define SSHOST_NN_DROPOUT_HPP

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

class DropoutLayer : public detail::Layer {
 public:
  Tensor operator()(Context& ctx, const Tensor& x) const { return apply(ctx, x); }

 protected:
  DropoutLayer(const Builder& build, ss_dropout_kind kind, double probability)
      : Layer([&](ss_layer* out) { return detail::layers_api().dropout(build.handle(), kind, probability, out); }) {}
};

// Single elements.
class Dropout : public DropoutLayer {
 public:
  Dropout(const Builder& build, double probability) : DropoutLayer(build, SS_DROPOUT_ELEMENT, probability) {}
};

// Whole channels of a map [N, C, H, W].
class ChannelDropout : public DropoutLayer {
 public:
  ChannelDropout(const Builder& build, double probability) : DropoutLayer(build, SS_DROPOUT_CHANNEL, probability) {}
};

// Whole samples of a residual branch: stochastic depth (Huang et al., ECCV 2016).
class DropPath : public DropoutLayer {
 public:
  DropPath(const Builder& build, double probability) : DropoutLayer(build, SS_DROPOUT_PATH, probability) {}
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
