#include "memory/small_memory.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace sshost::test {
namespace {

run::Session open(const std::string& options) {
  const std::string pipeline = "run: [evaluate]\nplugins: [" SSHOST_PLUGIN_DIR "]\n" +
                               std::string("data: {dataset: {type: synthetic}}\n") +
                               "model: {backbone: {type: resnet, depth: 18}, memory: " + options + "}\n";
  return run::open_session_text(pipeline, "small.yaml", {}, [](auto&&...) {});
}

}  // namespace

SmallMemory::SmallMemory(const std::string& options, model::FeatureSpecs features, int64_t context_channels)
    : session_(open(options)), context(store, at::detail::createCPUGenerator(0)) {
  const config::ComponentConfig& config = *session_.pipeline.model.memory;
  state::Builder builder(store, "memory", at::detail::createCPUGenerator(0));
  const model::MemorySpec spec = {
      .features = std::move(features), .context_channels = context_channels, .classes = kClasses};
  memory_ = std::make_unique<model::Memory>(config, session_.registry->find(config.kind, config.type), spec, builder);
  context.learning_rate = context.base_learning_rate = 0.01;
  context.epoch = 1;
}

model::MemoryOutput SmallMemory::forward(const model::MemoryInputs& inputs) {
  predictions.clear();
  return memory_->forward(context, inputs, predictions);
}

at::Tensor SmallMemory::representation(const at::Tensor& feature) const {
  const at::Tensor conv = at::conv2d(feature, state("bottleneck.conv.weight"), {}, {1, 1}, {1, 1});
  return at::batch_norm(conv, state("bottleneck.norm.weight"), state("bottleneck.norm.bias"),
                        state("bottleneck.norm.running_mean"), state("bottleneck.norm.running_var"), false, 0.1, 1e-5,
                        true)
      .relu();
}

void SmallMemory::update(const std::vector<at::Tensor>& features, const std::vector<at::Tensor>& labels) {
  std::vector<at::Tensor> sums;
  for (std::size_t i = 0; i < features.size(); ++i) {
    model::MemoryInputs inputs;
    inputs.features = {features[i]};
    const model::MemoryOutput output = forward(inputs);
    const std::vector<at::Tensor> parts = memory_->statistics(context, output.state, labels[i]);
    if (sums.empty()) sums.resize(parts.size());
    for (std::size_t j = 0; j < parts.size(); ++j) sums[j] = sums[j].defined() ? sums[j] + parts[j] : parts[j];
  }
  context.training = true;  // buffers are written in training alone
  memory_->apply(context, sums);
  context.training = false;
}

}  // namespace sshost::test
