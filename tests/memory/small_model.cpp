#include "memory/small_model.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace sshost::test {
namespace {

run::Session open(const std::string& rest) {
  const std::string pipeline =
      "run: [evaluate]\nplugins: [" SSHOST_PLUGIN_DIR "]\n" + std::string("data: {dataset: {type: synthetic}}\n") +
      "model: {backbone: {type: resnet, depth: 18}, features: {indices: [0, 1, 2, 3]}, " + rest + "}\n";
  return run::open_session_text(pipeline, "small.yaml", {}, [](auto&&...) {});
}

}  // namespace

SmallModel::SmallModel(const std::string& rest)
    : session_(open(rest)), model_(run::build_model(session_, kModelClasses)) {}

state::ExecutionContext SmallModel::context() const {
  return state::ExecutionContext(model_->store, at::detail::createCPUGenerator(0));
}

at::Tensor SmallModel::logits(const at::Tensor& images) const {
  state::ExecutionContext inference = context();
  return model_->segmentor->logits(inference, images);
}

double SmallModel::train_one_step() const {
  state::ExecutionContext training = context();
  training.training = true;
  training.epoch = 2;
  training.learning_rate = training.base_learning_rate = 0.01;
  const at::Tensor images = at::rand({2, 3, 64, 96}), labels = at::randint(kModelClasses, {2, 64, 96}, at::kLong);
  const at::Tensor loss = model_->segmentor->training_losses(training, images, labels).loss();
  loss.backward();
  return loss.item<double>();
}

}  // namespace sshost::test
