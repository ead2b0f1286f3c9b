#include "layer/conv.h"

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "layer/initial.h"
#include "layer/resize.h"

namespace sshost::layer {
namespace {

std::string part_of(const ss_conv_spec& spec, ss_string part) {
  return state::join_names(bridge::view(spec.name), bridge::view(part));
}

}  // namespace

Conv::Conv(state::Builder& builder, const ss_conv_spec& spec)
    : Layer(std::string(bridge::view(spec.name))),
      in_channels_(spec.in_channels),
      transposed_(spec.transposed != 0),
      stride_{spec.stride[0], spec.stride[1]},
      padding_{spec.padding[0], spec.padding[1]},
      dilation_{spec.dilation[0], spec.dilation[1]},
      output_padding_{spec.output_padding[0], spec.output_padding[1]},
      groups_(spec.groups),
      resize_(spec.resize) {
  check(spec);
  declare(builder, spec);
}

void Conv::check(const ss_conv_spec& spec) const {
  const auto at_least = [this](const char* what, int64_t least, int64_t found) {
    if (found >= least) return;
    refuse(std::string(what) + " must be at least " + std::to_string(least) + ", found " + std::to_string(found));
  };
  at_least("in_channels", 1, spec.in_channels);
  at_least("out_channels", 1, spec.out_channels);
  at_least("groups", 1, spec.groups);
  for (int axis = 0; axis < 2; ++axis) {
    at_least("kernel", 1, spec.kernel[axis]);
    at_least("stride", 1, spec.stride[axis]);
    at_least("padding", 0, spec.padding[axis]);
    at_least("dilation", 1, spec.dilation[axis]);
    at_least("output_padding", 0, spec.output_padding[axis]);
  }
  if (spec.in_channels % spec.groups != 0 || spec.out_channels % spec.groups != 0) {
    refuse("groups must divide in_channels and out_channels, found " + std::to_string(spec.groups) + " for " +
           std::to_string(spec.in_channels) + " -> " + std::to_string(spec.out_channels));
  }
  if (resize_ < SS_RESIZE_NONE || resize_ > SS_RESIZE_BILINEAR_ALIGN_CORNERS) {
    refuse("unknown ss_resize_kind " + std::to_string(resize_));
  }
}

void Conv::declare(state::Builder& builder, const ss_conv_spec& spec) {
  const int64_t first = transposed_ ? spec.in_channels : spec.out_channels;
  const int64_t second = (transposed_ ? spec.out_channels : spec.in_channels) / spec.groups;
  const std::string part = part_of(spec, spec.conv_part);
  const at::Tensor weight = kaiming_uniform({first, second, spec.kernel[0], spec.kernel[1]}, builder.generator());
  weight_ = builder.parameter(state::join_names(part, "weight"), weight);
  if (spec.bias != 0) {
    bias_ = builder.parameter(state::join_names(part, "bias"),
                              default_bias(spec.out_channels, weight, builder.generator()));
  }
  norm_ = make_norm(builder, part_of(spec, spec.norm_part), spec.out_channels, spec.norm);
  activation_ = make_activation(builder, part_of(spec, spec.activation_part), spec.activation);
}

at::Tensor Conv::apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                       const at::Tensor& residual) const {
  at::Tensor output = convolve(context, gather(inputs));
  if (norm_) output = norm_->normalise(context, output);
  if (residual.defined()) output = add_residual(std::move(output), residual);
  return activation_ ? activation_->activate_fresh(context, std::move(output)) : output;
}

at::Tensor Conv::gather(std::span<const at::Tensor> inputs) const {
  if (inputs.empty()) refuse("it takes at least 1 input, found none");
  int64_t channels = 0;
  for (const at::Tensor& input : inputs) {
    if (input.dim() != 4) refuse("an input must be [N, C, H, W], found " + c10::str(input.sizes()));
    channels += input.size(1);
  }
  if (channels != in_channels_) {
    refuse("expected " + std::to_string(in_channels_) + " channels over all inputs, found " + std::to_string(channels));
  }
  if (inputs.size() == 1) return inputs.front();

  std::vector<at::Tensor> parts(inputs.begin(), inputs.end());
  if (resize_ != SS_RESIZE_NONE) {
    for (at::Tensor& part : parts) part = resize_map(part, parts.front().size(2), parts.front().size(3), resize_);
  }
  return at::cat(parts, 1);
}

at::Tensor Conv::convolve(state::ExecutionContext& context, const at::Tensor& input) const {
  const at::Tensor& weight = context.value(weight_);
  const at::Tensor bias = bias_ ? context.value(*bias_) : at::Tensor();
  if (transposed_) {
    return at::conv_transpose2d(input, weight, bias, stride_, padding_, output_padding_, groups_, dilation_);
  }
  return at::conv2d(input, weight, bias, stride_, padding_, dilation_, groups_);
}

at::Tensor Conv::add_residual(at::Tensor output, const at::Tensor& residual) const {
  if (residual.sizes() != output.sizes()) {
    refuse("the residual must have the output's shape " + c10::str(output.sizes()) + ", found " +
           c10::str(residual.sizes()));
  }
  if (output.is_view() || output.scalar_type() != residual.scalar_type()) return output + residual;
  return output.add_(residual);
}

}  // namespace sshost::layer
