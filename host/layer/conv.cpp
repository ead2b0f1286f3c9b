#include "layer/conv.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/operand.h"
#include "layer/initial.h"
#include "layer/kernel/choose.h"
#include "layer/kernel/coarse_input.h"
#include "layer/kernel/codes.h"
#include "layer/kernel/int8_conv.h"
#include "layer/kernel/panels.h"
#include "layer/kernel/pointwise_conv.h"
#include "layer/kernel/shifted_conv.h"
#include "layer/kernel/vendor_conv.h"
#include "layer/kernel/winograd_conv.h"
#include "layer/resize.h"

namespace sshost::layer {

// Which inputs are convolved at their own size, a bit each, and how the weight's channels are shared out.
struct Conv::Split {
  std::vector<int64_t> channels;  // of each input
  uint32_t coarse = 0;

  bool has(size_t input) const { return (coarse >> input & 1) != 0; }

  // Those that are convolved at the first one's size.
  std::vector<at::Tensor> fine(Inputs inputs) const {
    std::vector<at::Tensor> parts;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!has(i)) parts.push_back(inputs[i]);
    }
    return parts;
  }

  at::Tensor weight_of(const at::Tensor& weight, size_t input) const {
    const int64_t first = std::accumulate(channels.begin(), channels.begin() + static_cast<int64_t>(input), int64_t{0});
    return weight.narrow(1, first, channels[input]);
  }

  at::Tensor fine_weight(const at::Tensor& weight) const {
    std::vector<at::Tensor> parts;
    for (size_t i = 0; i < channels.size(); ++i) {
      if (!has(i)) parts.push_back(weight_of(weight, i));
    }
    return at::cat(parts, 1);
  }
};

namespace {

// What is kept of a layer's weights: for which algorithm, and without which inputs.
enum class Form : uint32_t { kVendor = 0, kPanels = 1, kCoarse = 2, kInt8 = 3, kBfloat16 = 4 };
constexpr uint32_t kFormBits = 3;
constexpr size_t kMostSplit = 28;  // inputs, each a bit

uint32_t key(Form form, uint32_t inputs) { return static_cast<uint32_t>(form) | inputs << kFormBits; }

// The same type where that is undefined.
at::Tensor as_type(const at::Tensor& map, at::ScalarType type) { return map.defined() ? map.to(type) : map; }

// In float32, where the context lets layers give each other something else.
at::Tensor plain(const state::ExecutionContext& context, const at::Tensor& map) {
  const bool is_hidden = context.precision == state::Precision::kBfloat16 && map.defined();
  return is_hidden && map.scalar_type() == at::kBFloat16 ? map.to(at::kFloat) : bridge::plain(map);
}

std::vector<at::Tensor> plain(const state::ExecutionContext& context, std::span<const at::Tensor> maps) {
  std::vector<at::Tensor> values;
  for (const at::Tensor& map : maps) values.push_back(plain(context, map));
  return values;
}

std::string part_of(const ss_conv_spec& spec, ss_string part) {
  return state::join_names(bridge::view(spec.name), bridge::view(part));
}

}  // namespace

Conv::Conv(state::Builder& builder, const ss_conv_spec& spec)
    : Layer(std::string(bridge::view(spec.name))),
      shape_{spec.in_channels,
             spec.out_channels,
             {spec.kernel[0], spec.kernel[1]},
             {spec.stride[0], spec.stride[1]},
             {spec.padding[0], spec.padding[1]},
             {spec.dilation[0], spec.dilation[1]},
             spec.groups},
      transposed_(spec.transposed != 0),
      output_padding_{spec.output_padding[0], spec.output_padding[1]},
      resize_(spec.resize) {
  check(spec);
  if (spec.padding[0] == SS_PADDING_SAME) keep_size();
  declare(builder, spec);
}

// As PyTorch's "same": what is odd of the sum of both sides lies behind.
void Conv::keep_size() {
  for (size_t axis = 0; axis < 2; ++axis) {
    const int64_t both = shape_.dilation[axis] * (shape_.kernel[axis] - 1);
    shape_.padding[axis] = both / 2;
    more_padding_[axis] = both % 2;
  }
}

void Conv::check_same(const ss_conv_spec& spec) const {
  if (spec.padding[0] != spec.padding[1]) refuse("SS_PADDING_SAME is for both axes, found it for one");
  if (transposed_) refuse("SS_PADDING_SAME is not for a transposed convolution");
  if (spec.stride[0] == 1 && spec.stride[1] == 1) return;
  refuse("SS_PADDING_SAME needs a stride of 1, found " + std::to_string(spec.stride[0]) + " and " +
         std::to_string(spec.stride[1]));
}

void Conv::check(const ss_conv_spec& spec) const {
  const auto at_least = [this](const char* what, int64_t least, int64_t found) {
    if (found >= least) return;
    refuse(std::string(what) + " must be at least " + std::to_string(least) + ", found " + std::to_string(found));
  };
  at_least("in_channels", 1, spec.in_channels);
  at_least("out_channels", 1, spec.out_channels);
  at_least("groups", 1, spec.groups);
  const bool keeps_size = spec.padding[0] == SS_PADDING_SAME || spec.padding[1] == SS_PADDING_SAME;
  if (keeps_size) check_same(spec);
  for (int axis = 0; axis < 2; ++axis) {
    at_least("kernel", 1, spec.kernel[axis]);
    at_least("stride", 1, spec.stride[axis]);
    if (!keeps_size) at_least("padding", 0, spec.padding[axis]);
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

at::Tensor Conv::apply(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const {
  check_inputs(inputs);
  if (more_padding_ != Pair{}) {
    const at::Tensor maps = gather(plain(context, inputs));
    const at::Tensor whole = at::constant_pad_nd(maps, {0, more_padding_[1], 0, more_padding_[0]});
    return compute(context, {&whole, 1}, plain(context, residual));
  }
  if (const state::QuantisedConv* codes = quantised_in(context, inputs)) {
    return infer_int8(context, *codes, inputs, residual);
  }
  if (is_bfloat16_in(context, inputs)) return infer_bfloat16(context, inputs, residual);
  return compute(context, plain(context, inputs), plain(context, residual));
}

at::Tensor Conv::compute(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const {
  if (is_prepared_in(context, inputs)) {
    at::Tensor output = infer(context, inputs, residual);
    if (more_padding_ == Pair{}) tell(context, inputs, residual, output);  // else it stays in float
    return output;
  }
  at::Tensor output = convolve(context, gather(inputs));
  if (norm_) output = norm_->normalise(context, output);
  if (residual.defined()) output = add_residual(std::move(output), residual);
  return activation_ ? activation_->activate_fresh(context, std::move(output)) : output;
}

void Conv::check_inputs(std::span<const at::Tensor> inputs) const {
  if (inputs.empty()) refuse("it takes at least 1 input, found none");
  int64_t channels = 0;
  for (const at::Tensor& input : inputs) {
    if (input.dim() != 4) refuse("an input must be [N, C, H, W], found " + c10::str(input.sizes()));
    channels += input.size(1);
  }
  if (channels != shape_.in_channels) {
    refuse("expected " + std::to_string(shape_.in_channels) + " channels over all inputs, found " +
           std::to_string(channels));
  }
}

at::Tensor Conv::gather(std::span<const at::Tensor> inputs) const {
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
    return at::conv_transpose2d(input, weight, bias, shape_.stride, shape_.padding, output_padding_, shape_.groups,
                                shape_.dilation);
  }
  return at::conv2d(input, weight, bias, shape_.stride, shape_.padding, shape_.dilation, shape_.groups);
}

bool Conv::is_prepared_in(const state::ExecutionContext& context, Inputs inputs) const {
  const bool in_bfloat16 = context.precision == state::Precision::kBfloat16;
  const auto fits = [in_bfloat16](const at::Tensor& input) {
    const at::ScalarType type = input.scalar_type();
    const bool has_type = type == at::kFloat || input.is_quantized() || (in_bfloat16 && type == at::kBFloat16);
    return input.is_cpu() && has_type && input.numel() > 0;
  };
  return context.prepared != nullptr && !context.training && !at::GradMode::is_enabled() && !transposed_ &&
         std::all_of(inputs.begin(), inputs.end(), fits) && kernel::has_vendor_conv();
}

const state::QuantisedConv* Conv::quantised_in(const state::ExecutionContext& context, Inputs inputs) const {
  if (context.precision != state::Precision::kInt8 || !kernel::has_int8_conv()) return nullptr;
  return is_prepared_in(context, inputs) ? context.store->quantised(weight_) : nullptr;
}

void Conv::tell(const state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual,
                const at::Tensor& output) const {
  if (context.conv_watch == nullptr) return;
  const std::vector<at::Tensor> fine = split_of(inputs).fine(inputs);
  context.conv_watch->on_conv({weight_, fine, residual, output});
}

// Inputs that are much smaller than the first one, to whose size they would be resized, are left out of the
// convolution: what they contribute is added as a residual is.
at::Tensor Conv::infer(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const {
  const Split split = split_of(inputs);
  return finish(context, inputs.front(), residual, [&](const at::Tensor& added) {
    const at::Tensor sum = as_type(added, at::kFloat);
    if (split.coarse == 0) return run_kernel(context, gather(inputs), split, sum);
    return run_kernel(context, gather(split.fine(inputs)), split, add_coarse(context, inputs, split, sum));
  });
}

// What ends with its sums stays in float32: bfloat16 cannot tell apart scores that are near each other.
bool Conv::is_bfloat16_in(const state::ExecutionContext& context, Inputs inputs) const {
  return context.precision == state::Precision::kBfloat16 && (norm_ || activation_) &&
         is_prepared_in(context, inputs) &&
         kernel::pays_in_bfloat16(shape_, inputs.front().size(2), inputs.front().size(3));
}

at::Tensor Conv::infer_bfloat16(state::ExecutionContext& context, Inputs inputs, const at::Tensor& residual) const {
  const Split split = split_of(inputs);
  std::vector<at::Tensor> fine = split.fine(inputs);
  for (at::Tensor& map : fine) map = map.to(at::kBFloat16);
  const auto kernel = context.prepared->get<kernel::ConvKernel>(this, key(Form::kBfloat16, split.coarse), [&] {
    return make_vendor_conv(problem(context, split), at::kBFloat16);
  });
  const at::Tensor output = finish(context, inputs.front(), residual, [&](const at::Tensor& added) {
    if (split.coarse == 0) return kernel->run(gather(fine), added);
    return kernel->run(gather(fine), add_coarse(context, inputs, split, as_type(added, at::kFloat)));
  });
  return output.to(at::kBFloat16);
}

at::Tensor Conv::infer_int8(state::ExecutionContext& context, const state::QuantisedConv& codes, Inputs inputs,
                            const at::Tensor& residual) const {
  const Split split = split_of(inputs);
  const at::Tensor input = codes_of(inputs, split, codes.input);
  const auto kernel = context.prepared->get<kernel::Int8Conv>(this, key(Form::kInt8, split.coarse), [&] {
    return std::make_shared<kernel::Int8Conv>(problem(context, split), codes.input);
  });
  const bool ends_with_kernel = (!norm_ || norm_->is_affine()) && (!activation_ || has_relu()) && split.coarse == 0;
  if (codes.output && ends_with_kernel && (!residual.defined() || residual.is_quantized())) {
    if (residual.defined()) check_residual(output_sizes(inputs.front()), residual);
    return kernel->run(input, residual, *codes.output);
  }
  const at::Tensor output = finish(context, inputs.front(), bridge::plain(residual), [&](const at::Tensor& added) {
    const at::Tensor sum = as_type(added, at::kFloat);
    return kernel->run(input, split.coarse == 0 ? sum : add_coarse(context, inputs, split, sum));
  });
  return codes.output ? kernel::to_codes(output, *codes.output) : output;
}

// What the kernel does not do follows it in float32: a norm that depends on its input and all behind it, or another
// activation.
at::Tensor Conv::finish(state::ExecutionContext& context, const at::Tensor& input, const at::Tensor& residual,
                        const Products& products) const {
  if (norm_ && !norm_->is_affine()) {
    at::Tensor output = norm_->normalise(context, products({}).to(at::kFloat));
    if (residual.defined()) output = add_residual(std::move(output), residual);
    return activation_ ? activation_->activate_fresh(context, std::move(output)) : output;
  }
  if (residual.defined()) check_residual(output_sizes(input), residual);
  at::Tensor output = products(residual);
  if (!activation_ || has_relu()) return output;
  return activation_->activate_fresh(context, output.to(at::kFloat));
}

Conv::Split Conv::split_of(Inputs inputs) const {
  const int64_t height = inputs.front().size(2);
  const int64_t width = inputs.front().size(3);
  const bool may_split = resize_ != SS_RESIZE_NONE && inputs.size() <= kMostSplit && kernel::fits_coarse_inputs(shape_);
  Split split;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (may_split && i > 0 && kernel::is_coarse(inputs[i], height, width)) split.coarse |= uint32_t{1} << i;
    split.channels.push_back(inputs[i].size(1));
  }
  return split;
}

// The codes of what the kernel convolves, as uint8.
at::Tensor Conv::codes_of(Inputs inputs, const Split& split, const state::Codes& codes) const {
  const at::Tensor& first = inputs.front();
  std::vector<at::Tensor> parts;
  for (const at::Tensor& map : split.fine(inputs)) {
    const bool is_resized = resize_ != SS_RESIZE_NONE && map.sizes().slice(2) != first.sizes().slice(2);
    const at::Tensor part = is_resized ? resize_map(bridge::plain(map), first.size(2), first.size(3), resize_) : map;
    parts.push_back(kernel::bytes_of(kernel::to_codes(part, codes)));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts, 1);
}

at::Tensor Conv::add_coarse(state::ExecutionContext& context, Inputs inputs, const Split& split,
                            const at::Tensor& residual) const {
  const at::Tensor& first = inputs.front();
  at::Tensor sum = residual.defined()
                       ? residual.clone(at::MemoryFormat::ChannelsLast)
                       : at::zeros({first.size(0), shape_.out_channels, first.size(2), first.size(3)}, at::kFloat)
                             .contiguous(at::MemoryFormat::ChannelsLast);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!split.has(i)) continue;
    const auto coarse = context.prepared->get<kernel::CoarseInput>(this, key(Form::kCoarse, uint32_t{1} << i), [&] {
      return std::make_shared<kernel::CoarseInput>(shape_, split.weight_of(problem(context, {}).weight, i));
    });
    coarse->add(bridge::plain(inputs[i]).to(at::kFloat), resize_, sum);
  }
  return sum;
}

at::Tensor Conv::run_kernel(state::ExecutionContext& context, const at::Tensor& input, const Split& split,
                            const at::Tensor& residual) const {
  state::Prepared& prepared = *context.prepared;
  kernel::ConvShape shape = shape_;
  shape.in_channels = input.size(1);
  const kernel::ConvChoice choice = kernel::choose_conv(shape, input.size(2), input.size(3));
  if (choice.algorithm == kernel::ConvAlgorithm::kVendor) {
    return prepared
        .get<kernel::ConvKernel>(this, key(Form::kVendor, split.coarse),
                                 [&] { return make_vendor_conv(problem(context, split)); })
        ->run(input, residual);
  }
  const auto panels = prepared.get<kernel::Panels>(this, key(Form::kPanels, split.coarse),
                                                   [&] { return make_panels(problem(context, split)); });
  state::Workspace& workspace = prepared.workspace();
  switch (choice.algorithm) {
    case kernel::ConvAlgorithm::kPointwise:
      return kernel::pointwise_conv(*panels, input, residual, workspace);
    case kernel::ConvAlgorithm::kShifted:
      return kernel::shifted_conv(*panels, input, residual, workspace);
    default:
      return kernel::winograd_conv(choice.tile, *panels, input, residual, workspace);
  }
}

// The parameters with the norm folded in where it can be, rounded once; without the channels of coarse inputs.
kernel::ConvProblem Conv::problem(const state::ExecutionContext& context, const Split& split) const {
  kernel::ConvProblem problem{shape_, context.value(weight_).detach(), {}, false};
  if (bias_) problem.bias = context.value(*bias_).detach();
  if (norm_ && norm_->is_affine()) {
    const Norm::Affine affine = norm_->affine(context);
    problem.weight = (problem.weight.to(at::kDouble) * affine.scale.view({-1, 1, 1, 1})).to(at::kFloat);
    problem.bias = (bias_ ? affine.shift + problem.bias.to(at::kDouble) * affine.scale : affine.shift).to(at::kFloat);
  }
  problem.relu = has_relu() && (!norm_ || norm_->is_affine());
  if (split.coarse == 0) return problem;
  problem.weight = split.fine_weight(problem.weight);
  problem.shape.in_channels = problem.weight.size(1);
  return problem;
}

bool Conv::has_relu() const { return activation_ && activation_->is_relu(); }

std::array<int64_t, 4> Conv::output_sizes(const at::Tensor& input) const {
  std::array<int64_t, 4> sizes{input.size(0), shape_.out_channels, 0, 0};
  for (size_t axis = 0; axis < 2; ++axis) {
    const int64_t reach = shape_.dilation[axis] * (shape_.kernel[axis] - 1) + 1;
    const int64_t length = input.size(static_cast<int64_t>(axis) + 2) + 2 * shape_.padding[axis];
    sizes[axis + 2] = (length - reach) / shape_.stride[axis] + 1;
  }
  return sizes;
}

void Conv::check_residual(at::IntArrayRef sizes, const at::Tensor& residual) const {
  if (residual.sizes() == sizes) return;
  refuse("the residual must have the output's shape " + c10::str(sizes) + ", found " + c10::str(residual.sizes()));
}

at::Tensor Conv::add_residual(at::Tensor output, const at::Tensor& residual) const {
  check_residual(output.sizes(), residual);
  if (output.is_view() || output.scalar_type() != residual.scalar_type()) return output + residual;
  return output.add_(residual);
}

}  // namespace sshost::layer
