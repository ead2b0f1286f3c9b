#include "backbones/bench.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

namespace sshost::test {
namespace {

const char* const kRest = R"(
run: [evaluate]
plugins: [)" SSHOST_PLUGIN_DIR R"(]
data:
  dataset: {type: synthetic}
model:
  head: {type: fcn, channels: 4, convolutions: 1}
)";

}  // namespace

run::Session open_backbone(const std::string& backbone) {
  return run::open_session_text(kRest + ("  backbone: " + backbone), "backbone.yaml", {}, [](auto&&...) {});
}

BackboneBench::BackboneBench(const std::string& backbone, at::ScalarType dtype)
    : store(dtype), session_(open_backbone(backbone)), builder_(store, "backbone", at::detail::createCPUGenerator(7)) {
  const config::ComponentConfig& config = session_.pipeline.model.backbone;
  backbone_ = std::make_unique<model::Backbone>(config, session_.registry->find(config.kind, config.type), builder_);
}

std::vector<at::Tensor> BackboneBench::infer(const at::Tensor& image) {
  const at::NoGradGuard no_grad;
  state::ExecutionContext context(store, at::detail::createCPUGenerator(1));
  return backbone_->forward(context, image);
}

std::vector<at::Tensor> BackboneBench::train(const at::Tensor& image, uint64_t seed) {
  state::ExecutionContext context(store, at::detail::createCPUGenerator(seed));
  context.training = true;
  return backbone_->forward(context, image);
}

at::Tensor BackboneBench::value(const std::string& name) const {
  const state::StateEntry* entry = store.find("backbone." + name);
  if (entry == nullptr) throw Error("no state " + name);
  return entry->value.detach();
}

void BackboneBench::randomise() {
  at::Generator generator = at::detail::createCPUGenerator(11);
  for (const state::StateEntry& entry : store) {
    if (!entry.value.is_floating_point()) continue;
    const at::Tensor noise = at::randn(entry.value.sizes(), generator, entry.value.scalar_type());
    store.assign(entry.name, entry.value.detach() + 0.1 * noise);
  }
}

std::vector<std::string> BackboneBench::without_gradient() const {
  std::vector<std::string> names;
  for (const state::StateEntry& entry : store) {
    if (!entry.trainable) continue;
    const at::Tensor& gradient = entry.value.grad();
    if (!gradient.defined() || gradient.abs().max().item<double>() == 0) names.push_back(entry.name);
  }
  return names;
}

at::Tensor BackboneBench::image(int64_t count, int64_t height, int64_t width) const {
  return at::randn({count, 3, height, width}, at::detail::createCPUGenerator(5), at::kFloat).to(store.dtype());
}

}  // namespace sshost::test
