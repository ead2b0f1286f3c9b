// Several passes over an image, from the command line: a memory that knows the first pass's result predicts anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"

namespace sshost::cli {
namespace {

using testing::HasSubstr;

// The steps fill the batch norms' statistics, and hardly train: else the background would win everywhere.
constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: synthetic, classes: 4, height: 48, width: 48, train_samples: 16, evaluate_samples: 4}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18}
  memory:
    {type: mcibiplusplus, channels: 16, transform_channels: 8, pixel_decoder: {channels: 8}, decoder: {channels: 8}}
train: {steps: 25, batch_size: 4, optimizer: {type: sgd, lr: 1e-6}}
evaluate: {passes: 2, flip: true, save_predictions: true}
)";

class Passes : public PipelineFolder {
 protected:
  Passes() : PipelineFolder(kPipeline) {}

  // With the trained model and so many passes.
  Outcome run_trained(std::vector<std::string> arguments, const std::string& passes) {
    arguments.insert(arguments.end(),
                     {"--checkpoint", "run/checkpoints/step-000025.safetensors", "--set", "evaluate.passes=" + passes});
    return run(arguments);
  }

  cv::Mat mask(const std::string& name) const { return cv::imread(file(name), cv::IMREAD_UNCHANGED); }

  // How far two masks' colours are from each other, summed over all pixels.
  static double difference(const cv::Mat& one, const cv::Mat& other) {
    EXPECT_FALSE(one.empty());
    EXPECT_EQ(one.size(), other.size());
    return cv::norm(one, other, cv::NORM_L1);
  }
};

TEST_F(Passes, ChangeWhatARunAndAPredictionGive) {
  const Outcome outcome = run({"run", "p.yaml"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("mean IoU "));
  ASSERT_EQ(run_trained({"run", "--set", "run=[evaluate]", "--output", "once"}, "1").exit_code, 0);
  ASSERT_EQ(run_trained({"run", "--set", "run=[evaluate]", "--output", "twice"}, "2").exit_code, 0);
  const std::string name = "/predictions/val_00000.png";
  EXPECT_GT(difference(mask("once" + name), mask("twice" + name)), 0);
  EXPECT_EQ(difference(mask("run" + name), mask("twice" + name)), 0);

  const std::string photo = "run/predictions/val_00000.overlay.jpg";
  ASSERT_EQ(run_trained({"predict", photo, "--output", "photo1"}, "1").exit_code, 0);
  ASSERT_EQ(run_trained({"predict", photo, "--output", "photo2"}, "2").exit_code, 0);
  const std::string predicted = "/val_00000.overlay.png";
  EXPECT_GT(difference(mask("photo1" + predicted), mask("photo2" + predicted)), 0);
}

TEST_F(Passes, AreForModelsWithAMemory) {
  const Outcome outcome = run({"validate", "p.yaml", "--set", "model.memory=null", "--set", "model.head.type=fcn"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("evaluate.passes"));
}

}  // namespace
}  // namespace sshost::cli
