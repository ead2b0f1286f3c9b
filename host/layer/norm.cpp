#include "layer/norm.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/instance_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <utility>

#include "base/error.h"
#include "layer/synchronised_batch_norm.h"

namespace sshost::layer {
namespace {

// Ioffe & Szegedy, "Batch Normalization", ICML 2015.
class BatchNorm final : public Norm {
 public:
  BatchNorm(state::Builder& builder, const std::string& name, int64_t channels, double epsilon, double momentum)
      : Norm(builder, name, channels, epsilon),
        momentum_(momentum),
        mean_(builder.buffer(state::join_names(name, "running_mean"), at::zeros({channels}, at::kFloat))),
        variance_(builder.buffer(state::join_names(name, "running_var"), at::ones({channels}, at::kFloat))),
        batches_(builder.buffer(state::join_names(name, "num_batches_tracked"), at::zeros({}, at::kLong))) {}

  at::Tensor normalise(state::ExecutionContext& context, const at::Tensor& input) const override {
    if (context.norms_over_ranks()) return normalise_over_ranks(context, input);
    if (context.training && input.numel() == channels()) {
      refuse("batch norm in training needs more than one value per channel, found an input of " +
             c10::str(input.sizes()) + "; use a batch of at least 2");
    }
    const bool uses_running = !context.training || context.updates_buffers();
    if (context.updates_buffers()) context.value(batches_).variable_data().add_(1);
    return at::batch_norm(input, weight(context), bias(context), uses_running ? context.value(mean_) : at::Tensor(),
                          uses_running ? context.value(variance_) : at::Tensor(), context.training, momentum_,
                          epsilon(), at::globalContext().userEnabledCuDNN());
  }

  bool is_affine() const override { return true; }

  Affine affine(const state::ExecutionContext& context) const override {
    const at::Tensor variance = context.value(variance_).to(at::kDouble);
    const at::Tensor scale = weight(context).to(at::kDouble) / (variance + epsilon()).sqrt();
    return {scale, bias(context).to(at::kDouble) - context.value(mean_).to(at::kDouble) * scale};
  }

 private:
  at::Tensor normalise_over_ranks(state::ExecutionContext& context, const at::Tensor& input) const {
    RunningStatistics running{{}, {}, momentum_};
    if (context.updates_buffers()) {
      context.value(batches_).variable_data().add_(1);
      running.mean = context.value(mean_);
      running.variance = context.value(variance_);
    }
    return synchronised_batch_norm(input, weight(context), bias(context), running, epsilon(), *context.ranks);
  }

  double momentum_;
  state::StateId mean_;
  state::StateId variance_;
  state::StateId batches_;
};

// Wu & He, "Group Normalization", ECCV 2018.
class GroupNorm final : public Norm {
 public:
  GroupNorm(state::Builder& builder, const std::string& name, int64_t channels, double epsilon, int64_t groups)
      : Norm(builder, name, channels, epsilon), groups_(groups) {
    if (groups < 1 || channels % groups != 0) {
      refuse("group norm needs a number of groups that divides its " + std::to_string(channels) + " channels, found " +
             std::to_string(groups));
    }
  }

  at::Tensor normalise(state::ExecutionContext& context, const at::Tensor& input) const override {
    return at::group_norm(input, groups_, weight(context), bias(context), epsilon(),
                          at::globalContext().userEnabledCuDNN());
  }

 private:
  int64_t groups_;
};

// Ulyanov et al., "Instance Normalization", 2016: over the pixels of each channel, in training and in inference alike.
class InstanceNorm final : public Norm {
 public:
  using Norm::Norm;

  at::Tensor normalise(state::ExecutionContext& context, const at::Tensor& input) const override {
    if (input.dim() == 4 && input.size(2) * input.size(3) == 1 && context.training) {
      refuse("instance norm in training needs more than one pixel, found an input of " + c10::str(input.sizes()));
    }
    return at::instance_norm(input, weight(context), bias(context), {}, {}, true, 0, epsilon(),
                             at::globalContext().userEnabledCuDNN());
  }
};

// Ba et al., "Layer Normalization", 2016; over axis 1 of a map [N, C, H, W], else over the last axis.
class ChannelNorm final : public Norm {
 public:
  using Norm::Norm;

  at::Tensor normalise(state::ExecutionContext& context, const at::Tensor& input) const override {
    if (input.dim() != 4) return over_last_axis(context, input);
    return over_last_axis(context, input.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
  }

 private:
  at::Tensor over_last_axis(state::ExecutionContext& context, const at::Tensor& input) const {
    return at::layer_norm(input, {channels()}, weight(context), bias(context), epsilon());
  }
};

}  // namespace

Norm::Norm(state::Builder& builder, std::string name, int64_t channels, double epsilon)
    : Layer(std::move(name)), channels_(channels), epsilon_(epsilon) {
  if (channels < 1) refuse("a norm needs at least 1 channel, found " + std::to_string(channels));
  weight_ = builder.parameter(state::join_names(this->name(), "weight"), at::ones({channels}, at::kFloat));
  bias_ = builder.parameter(state::join_names(this->name(), "bias"), at::zeros({channels}, at::kFloat));
}

at::Tensor Norm::apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                       const at::Tensor& residual) const {
  if (inputs.size() == 1) return normalise(context, only_input(inputs, residual));
  if (inputs.empty()) refuse("it takes at least 1 input, found none");
  if (residual.defined()) refuse("a residual is for a conv");
  return normalise(context, at::cat(at::TensorList(inputs.data(), inputs.size()), 1));
}

Norm::Affine Norm::affine(const state::ExecutionContext& /*context*/) const { refuse("it depends on its input"); }

std::unique_ptr<Norm> make_norm(state::Builder& builder, const std::string& name, int64_t channels,
                                const ss_norm_spec* spec) {
  if (spec == nullptr || spec->kind == SS_NORM_NONE) return nullptr;
  for (const double value : {spec->epsilon, spec->momentum}) {
    if (value >= 0 && std::isfinite(value)) continue;
    throw Error("layer \"" + name + "\": expected an epsilon and a momentum of at least 0, found " +
                std::to_string(value));
  }
  const double epsilon = spec->epsilon == 0 ? 1e-5 : spec->epsilon;
  const double momentum = spec->momentum == 0 ? 0.1 : spec->momentum;
  switch (spec->kind) {
    case SS_NORM_BATCH:
      return std::make_unique<BatchNorm>(builder, name, channels, epsilon, momentum);
    case SS_NORM_GROUP:
      return std::make_unique<GroupNorm>(builder, name, channels, epsilon, spec->groups);
    case SS_NORM_LAYER:
      return std::make_unique<ChannelNorm>(builder, name, channels, epsilon);
    case SS_NORM_INSTANCE:
      return std::make_unique<InstanceNorm>(builder, name, channels, epsilon);
    default:
      throw Error("layer \"" + name + "\": unknown ss_norm_kind " + std::to_string(spec->kind));
  }
}

}  // namespace sshost::layer
