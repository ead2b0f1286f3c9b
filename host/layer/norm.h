#ifndef SSHOST_LAYER_NORM_H
#define SSHOST_LAYER_NORM_H

#include <sshost/abi/layers.h>

#include "layer/layer.h"

namespace sshost::layer {

// A norm with a weight (at first 1) and a bias (at first 0) for each channel.
class Norm : public Layer {
 public:
  Norm(state::Builder& builder, std::string name, int64_t channels, double epsilon);

  // Several inputs are concatenated over channels.
  at::Tensor apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                   const at::Tensor& residual) const final;

  virtual at::Tensor normalise(state::ExecutionContext& context, const at::Tensor& input) const = 0;

  // Whether in inference it is input * scale + shift, as a batch norm is, and these: float64 [channels].
  struct Affine {
    at::Tensor scale;
    at::Tensor shift;
  };
  virtual bool is_affine() const { return false; }
  virtual Affine affine(const state::ExecutionContext& context) const;

 protected:
  int64_t channels() const { return channels_; }
  double epsilon() const { return epsilon_; }
  const at::Tensor& weight(const state::ExecutionContext& context) const { return context.value(weight_); }
  const at::Tensor& bias(const state::ExecutionContext& context) const { return context.value(bias_); }

 private:
  int64_t channels_;
  double epsilon_;
  state::StateId weight_;
  state::StateId bias_;
};

// Nothing for no spec and for SS_NORM_NONE. State: name.weight, name.bias, and of a batch norm name.running_mean,
// name.running_var and name.num_batches_tracked.
std::unique_ptr<Norm> make_norm(state::Builder& builder, const std::string& name, int64_t channels,
                                const ss_norm_spec* spec);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_NORM_H
