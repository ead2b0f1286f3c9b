// Several passes over an image, from the command line: a memory that knows the first pass's result predicts anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: synthetic, classes: 4, height: 48, width: 48, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18}
  memory: {type: mcibiplusplus, channels: 16, transform_channels: 8, pixel_decoder: {channels: 8}, decoder: {channels: 8}}
train: {steps: 4, batch_size: 4, optimizer: {type: sgd, lr: 0.05}}
evaluate: {passes: 2, scales: [1, 1.5], flip: true}
)";

class Passes : public testing::Test {
 protected:
  void SetUp() override {
    test::write_bytes(folder_ / "p.yaml", kPipeline);
    cv::Mat photo(96, 96, CV_8UC3);
    cv::RNG(1).fill(photo, cv::RNG::UNIFORM, 0, 256);
    cv::imwrite(folder_ / "photo.png", photo);
  }

  Outcome run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }

  // The classes of the photo's pixels.
  cv::Mat predicted(const std::string& passes) {
    const std::string folder = "masks" + passes;
    const Outcome outcome = run({"predict", "photo.png", "--checkpoint", "run/checkpoints/step-000004.safetensors",
                                 "--output", folder, "--set", "evaluate.passes=" + passes});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return cv::imread(folder_ / (folder + "/photo.png"), cv::IMREAD_UNCHANGED);
  }

  test::TempFolder folder_;
};

TEST_F(Passes, ARunScoresAndAPredictionChangesWithThem) {
  const Outcome outcome = run({"run", "p.yaml"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("mean IoU "));
  const cv::Mat once = predicted("1"), twice = predicted("2");
  ASSERT_EQ(once.size(), cv::Size(96, 96));
  ASSERT_EQ(twice.size(), once.size());
  EXPECT_GT(cv::norm(once, twice, cv::NORM_L1), 0);
}

TEST_F(Passes, AreForModelsWithAMemory) {
  const Outcome outcome = run({"validate", "p.yaml", "--set", "model.memory=null", "--set", "model.head.type=fcn"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("evaluate.passes"));
}

}  // namespace
}  // namespace sshost::cli
