#include "conform/network.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include "state/builder.h"

namespace sshost::conform {
namespace {

constexpr int64_t kContextChannels = 12;

const model::FeatureSpecs& feature_specs() {
  static const model::FeatureSpecs specs = {{16, 4}, {24, 8}, {32, 16}, {40, 32}};
  return specs;
}

int64_t at_stride(int64_t size, int64_t stride) { return (size + stride - 1) / stride; }

at::Generator generator_of(uint64_t seed) {
  return seed == 0 ? at::Generator() : at::Generator(at::detail::createCPUGenerator(seed));
}

at::Tensor draw(at::Generator& random, at::IntArrayRef sizes, const state::StateStore& store) {
  return at::randn(sizes, random, at::TensorOptions(at::kFloat)).to(store.dtype());
}

// With an ignored label now and then.
at::Tensor draw_labels(at::Generator& random, const Shape& shape) {
  at::Tensor labels =
      at::randint(0, Network::kClasses + 1, {shape.batch, shape.height, shape.width}, random, at::kLong);
  return labels.masked_fill(labels.eq(Network::kClasses), 255);
}

void append(std::vector<at::Tensor>& tensors, const std::vector<model::Prediction>& predictions) {
  for (const model::Prediction& prediction : predictions) {
    tensors.push_back(prediction.logits.defined() ? prediction.logits : prediction.loss_value);
  }
}

}  // namespace

std::vector<at::Tensor> Inputs::tensors() const {
  std::vector<at::Tensor> all = features;
  all.insert(all.end(), named.begin(), named.end());
  if (context.defined()) all.push_back(context);
  return all;
}

Inputs Inputs::to(at::ScalarType dtype) const {
  Inputs other = *this;
  for (at::Tensor& tensor : other.features) tensor = tensor.to(dtype);
  for (at::Tensor& tensor : other.named) tensor = tensor.to(dtype);
  if (context.defined()) other.context = context.to(dtype);
  return other;
}

Network::Network(const plugin::Component& component, const config::ComponentConfig& config, uint64_t seed,
                 at::ScalarType dtype)
    : store_(dtype) {
  const std::string role = plugin::word_of_kind(component.kind());
  state::Builder builder(store_, role, generator_of(seed));
  if (role == "backbone") backbone_ = std::make_unique<model::Backbone>(config, component, builder);
  if (role == "head") {
    const model::HeadSpec spec{feature_specs(), kClasses};
    head_ = std::make_unique<model::Head>(config, component, role, spec, builder);
  }
  if (role == "memory") {
    const model::MemorySpec spec{feature_specs(), kContextChannels, kClasses};
    memory_ = std::make_unique<model::Memory>(config, component, spec, builder);
  }
  if (role == "loss") loss_.emplace(component, config, kClasses);
}

const model::Instance& Network::instance() const {
  if (backbone_) return backbone_->instance();
  return head_ ? head_->instance() : memory_->instance();
}

Inputs Network::inputs(const Shape& shape, uint64_t seed) const {
  at::Generator random = generator_of(seed);
  Inputs inputs;
  inputs.labels = draw_labels(random, shape);
  if (backbone_) {
    inputs.features = {draw(random, {shape.batch, 3, shape.height, shape.width}, store_)};
    return inputs;
  }
  if (loss_) {
    inputs.features = {draw(random, {shape.batch, kClasses, shape.height, shape.width}, store_)};
    return inputs;
  }
  for (const ss_feature_spec& spec : feature_specs()) {
    inputs.features.push_back(draw(
        random, {shape.batch, spec.channels, at_stride(shape.height, spec.stride), at_stride(shape.width, spec.stride)},
        store_));
  }
  const at::Tensor& last = inputs.features.back();
  if (memory_) inputs.context = draw(random, {shape.batch, kContextChannels, last.size(2), last.size(3)}, store_);
  if (!head_) return inputs;
  for (const std::string& name : head_->named_inputs()) {
    inputs.named.push_back(name == "image" ? draw(random, {shape.batch, 3, shape.height, shape.width}, store_)
                                           : draw(random, {shape.batch, kClasses, last.size(2), last.size(3)}, store_));
  }
  return inputs;
}

state::ExecutionContext Network::context(bool training) {
  state::ExecutionContext context(store_, generator_of(11));
  context.training = training;
  context.drops = false;
  context.epoch = training ? 1 : 0;
  context.learning_rate = context.base_learning_rate = training ? 0.01 : 0;
  return context;
}

std::vector<at::Tensor> Network::forward(state::ExecutionContext& context, const Inputs& inputs) const {
  context.image_height = inputs.labels.size(1);
  context.image_width = inputs.labels.size(2);
  if (backbone_) return backbone_->forward(context, inputs.features.front());
  if (loss_) return {loss_->value(context, inputs.features.front(), inputs.labels)};
  return head_ ? run_head(context, inputs) : run_memory(context, inputs);
}

std::vector<at::Tensor> Network::run_head(state::ExecutionContext& context, const Inputs& inputs) const {
  std::vector<model::Prediction> predictions;
  const at::Tensor representation = head_->embed(context, inputs.features, inputs.named, predictions);
  std::vector<at::Tensor> given = {representation, head_->classify(context, representation, predictions)};
  append(given, predictions);
  return given;
}

std::vector<at::Tensor> Network::run_memory(state::ExecutionContext& context, const Inputs& inputs) const {
  std::vector<model::Prediction> predictions;
  const at::Tensor labels = context.training ? inputs.labels : at::Tensor();
  const model::MemoryOutput output =
      memory_->forward(context, {inputs.features, inputs.context, labels, {}}, predictions);
  if (context.training) {
    const std::vector<at::Tensor> statistics = memory_->statistics(context, output.state, labels);
    memory_->apply(context, statistics);
    memory_->after_update(context, output.state, predictions);
  }
  std::vector<at::Tensor> given = {output.logits};
  append(given, predictions);
  return given;
}

std::vector<at::Tensor> Network::infer(const Inputs& inputs) {
  const at::NoGradGuard no_gradient;
  state::ExecutionContext inference = context();
  return forward(inference, inputs);
}

}  // namespace sshost::conform
