#ifndef SSHOST_LAYER_DROPOUT_H
#define SSHOST_LAYER_DROPOUT_H

#include <sshost/abi/layers.h>

#include "layer/layer.h"

namespace sshost::layer {

// Elements, whole channels or whole samples are zeroed in training, the rest is scaled up, so that the mean stays.
// Drawn from the context's generator. In inference, and with a probability of 0, it gives its input.
// Srivastava et al., JMLR 2014; channels: Tompson et al., CVPR 2015; samples: Huang et al., ECCV 2016.
class Dropout final : public Layer {
 public:
  Dropout(ss_dropout_kind kind, double probability);

  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const override;

 private:
  ss_dropout_kind kind_;
  double probability_;
};

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_DROPOUT_H
