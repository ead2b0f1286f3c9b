// A training step through each network: its backward reaches every parameter.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <optional>

#include "run/model.h"

namespace sshost::test {
namespace {

constexpr std::int64_t kClasses = 3;

struct Network {
  const char* name;
  const char* model;    // the section of a pipeline
  std::int64_t height;  // of the logits of an image of 65
  const char* still;    // what a first step need not move: the attention over a memory that is still zero
};

run::Session open(const std::string& model) {
  at::set_num_threads(1);  // on tensors this small, threads only wait for each other
  const std::string pipeline =
      "plugins: [" SSHOST_PLUGIN_DIR "]\ndata: {dataset: {type: synthetic}}\nrun: [evaluate]\nmodel:\n" + model;
  return run::open_session_text(pipeline, "network.yaml", {}, [](auto&&...) {});
}

class Networks : public testing::TestWithParam<Network> {
 protected:
  Networks() : session_(open(GetParam().model)), model_(run::build_model(session_, kClasses)) {}

  state::ExecutionContext context() {
    state::ExecutionContext result(model_->store, at::detail::createCPUGenerator(1));
    result.epoch = 1;
    result.learning_rate = result.base_learning_rate = 0.01;
    return result;
  }

  run::Session session_;
  std::unique_ptr<run::Model> model_;
};

TEST_P(Networks, ABackwardReachesEveryParameter) {
  at::manual_seed(0);
  const at::Tensor images = at::randn({3, 3, 65, 49});  // odd: branches of several resolutions do not divide it
  const at::Tensor labels = at::randint(kClasses, {3, 65, 49}, at::kLong);
  state::ExecutionContext training = context();
  training.training = true;
  const model::TrainingStep step = model_->segmentor->training_losses(training, images, labels);
  step.loss().backward();
  for (const state::StateEntry& entry : model_->store) {
    if (!entry.trainable) continue;
    ASSERT_TRUE(entry.value.grad().defined()) << entry.name;
    EXPECT_TRUE(entry.value.grad().isfinite().all().item<bool>()) << entry.name;
    if (entry.value.dim() == 1 || entry.name.starts_with(GetParam().still)) continue;
    EXPECT_GT(entry.value.grad().abs().max().item<double>(), 0) << entry.name;
  }
}

TEST_P(Networks, TrainInBfloat16WithLossesAndGradientsOfFloat32) {
  at::manual_seed(0);
  const at::Tensor images = at::randn({3, 3, 65, 49});
  const at::Tensor labels = at::randint(kClasses, {3, 65, 49}, at::kLong);
  std::vector<double> losses;
  for (const std::optional<at::ScalarType> precision :
       {std::optional<at::ScalarType>(), std::optional(at::kBFloat16)}) {
    state::ExecutionContext training = context();
    training.training = true;
    training.drops = false;
    training.recomputing = true;  // the second step sees the buffers that the first one saw
    model::StepOptions options;
    options.autocast = precision;
    const at::Tensor loss = model_->segmentor->training_losses(training, images, labels, options).loss();
    EXPECT_EQ(loss.scalar_type(), at::kFloat);
    loss.backward();
    losses.push_back(loss.item<double>());
  }
  EXPECT_NE(losses[1], losses[0]) << "nothing was computed in bfloat16";
  EXPECT_NEAR(losses[1], losses[0], 0.1 * losses[0]);
  for (const state::StateEntry& entry : model_->store) {
    if (!entry.trainable) continue;
    EXPECT_EQ(entry.value.scalar_type(), at::kFloat) << entry.name;
    EXPECT_EQ(entry.value.grad().scalar_type(), at::kFloat) << entry.name;
    EXPECT_TRUE(entry.value.grad().isfinite().all().item<bool>()) << entry.name;
  }
}

TEST_P(Networks, LogitsHaveTheLastFeaturesSize) {
  state::ExecutionContext inference = context();
  const at::Tensor logits = model_->segmentor->logits(inference, at::randn({2, 3, 65, 49}));
  EXPECT_EQ(logits.sizes().slice(0, 2), (std::vector<std::int64_t>{2, kClasses}));
  EXPECT_EQ(logits.size(2), GetParam().height);
  EXPECT_TRUE(logits.isfinite().all().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(All, Networks,
                         testing::Values(Network{"ResNeSt", R"(
  backbone: {type: resnest, depth: 50, output_stride: 16, stem_width: 8}
  head: {type: fcn, channels: 8}
)",
                                                 5, "none"},
                                         Network{"FcnWithItsInput", R"(
  backbone: {type: resnet, depth: 18, output_stride: 16}
  head: {type: fcn, channels: 8, kernel: 1, concat_input: true}
)",
                                                 5, "none"},
                                         Network{"AsppAsInTorchvision", R"(
  backbone: {type: resnet, depth: 18, output_stride: 16}
  head: {type: aspp, channels: 8, dilations: [1, 2], fuse_kernel: 1, refine: true}
)",
                                                 5, "none"},
                                         Network{"HrNetWithOcr", R"(
  backbone: {type: hrnet, variant: w18-small, first_stem_relu: false}
  features: {indices: [0, 0]}
  head: {type: ocr, channels: 16, transform_channels: 8}
  auxiliary: [{type: fcn, feature: -2, channels: 8, convolutions: 1, loss_weight: 0.4}]
)",
                                                 17, "none"},
                                         Network{"OcrAsTheContextOfAMemory", R"(
  backbone: {type: resnet, depth: 18, output_stride: 8}
  head: {type: ocr, channels: 16, transform_channels: 8}
  memory: {type: mcibi, channels: 16, transform_channels: 8, out_channels: 16}
  auxiliary: [{type: fcn, feature: -2, channels: 8, convolutions: 1, loss_weight: 0.4}]
)",
                                                 9, "memory.attention."}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace sshost::test
