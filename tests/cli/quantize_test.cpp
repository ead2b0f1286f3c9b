// `sshost quantize`: what it writes is small, as good as the model was, and opens like any other checkpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 64, width: 64, train_samples: 64, evaluate_samples: 8}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18, output_stride: 16}
  head: {type: fcn, channels: 32, convolutions: 1}
train: {steps: 40, batch_size: 4, optimizer: {type: adamw, lr: 0.001}}
)";
constexpr const char* kTrained = "run/checkpoints/step-000040.safetensors";

bool has_unit() { return __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni"); }

class Quantize : public PipelineFolder {
 protected:
  Quantize() : PipelineFolder(kPipeline) {}

  void SetUp() override {
    if (!has_unit()) GTEST_SKIP() << "int8 skipped: this machine has no unit for it (AVX-512 VNNI or AVX-VNNI)";
    const Outcome outcome = run({"run", "p.yaml"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }

  Outcome quantize(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"quantize", kTrained, "--output", "int8.safetensors", "--images", "8"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  // The mean IoU that `sshost run` finds of a checkpoint.
  double mean_iou(const std::string& checkpoint, const std::string& set) {
    const Outcome outcome = run({"run", "p.yaml", "--set", "run=[evaluate]", "--set", set, "--checkpoint", checkpoint,
                                 "--output", "evaluated", "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    fs::remove_all(file("evaluated"));
    return nlohmann::json::parse(outcome.out).at("scores").at("mean_iou").get<double>();
  }
};

TEST_F(Quantize, WritesAFileThatIsSmallerAndScoresAsItSays) {
  const Outcome outcome = quantize({"--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json report = nlohmann::json::parse(outcome.out);
  EXPECT_GT(report.at("int8_convolutions"), 15);
  EXPECT_THAT(report.at("float32").dump(),
              AllOf(HasSubstr("it reads the image"), HasSubstr("it gives the scores of the classes")));
  EXPECT_LT(report.at("bytes").at("int8").get<double>(), 0.3 * report.at("bytes").at("float32").get<double>());
  EXPECT_EQ(report.at("images"), 8);
  const double in_float32 = report.at("mean_iou").at("float32");
  const double in_int8 = report.at("mean_iou").at("int8");
  EXPECT_GT(in_float32, 0.3) << "else there is nothing to lose";
  EXPECT_NEAR(in_int8, in_float32, 0.02);
  EXPECT_NEAR(mean_iou(kTrained, "evaluate.precision=null"), in_float32, 1e-9);
  EXPECT_NEAR(mean_iou("int8.safetensors", "evaluate.precision=null"), in_int8, 1e-9);
  EXPECT_NEAR(mean_iou("int8.safetensors", "evaluate.precision=int8"), in_int8, 1e-9);
  EXPECT_NE(mean_iou("int8.safetensors", "evaluate.precision=float32"), in_int8);
}

TEST_F(Quantize, WhatItWritesOpensLikeAnyOther) {
  ASSERT_EQ(quantize().exit_code, 0);
  cv::Mat image(64, 64, CV_8UC3);
  cv::randu(image, 0, 255);
  cv::imwrite(file("a.png").string(), image);
  const Outcome predicted = run({"predict", "a.png", "--checkpoint", "int8.safetensors", "--output", "out"});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_TRUE(fs::exists(file("out/a.png")));
  EXPECT_THAT(run({"weights", "inspect", "int8.safetensors"}).out, HasSubstr("int8"));
  const Outcome exported = run({"weights", "export", "int8.safetensors", "--format", "sshost", "--output", "a.pth"});
  EXPECT_EQ(exported.exit_code, 0) << exported.err;
  const Outcome trained =
      run({"run", "p.yaml", "--checkpoint", "int8.safetensors", "--set", "train.steps=1", "--output", "further"});
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_GT(fs::file_size(file("further/checkpoints/step-000001.safetensors")),
            3 * fs::file_size(file("int8.safetensors")))
      << "a training goes on in float32";
}

TEST_F(Quantize, RefusesWhatItCannotDo) {
  ASSERT_EQ(quantize().exit_code, 0);
  const Outcome again = run({"quantize", "int8.safetensors", "--output", "b.safetensors"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("expected weights in float32, found a model that is in int8"));
  const Outcome ending = run({"quantize", kTrained, "--output", "b.pth"});
  EXPECT_EQ(ending.exit_code, 2);
  EXPECT_THAT(ending.err, HasSubstr("ends in .safetensors"));
  const Outcome not_quantised = run({"run", "p.yaml", "--set", "run=[evaluate]", "--set", "evaluate.precision=int8",
                                     "--checkpoint", kTrained, "--output", "c"});
  EXPECT_EQ(not_quantised.exit_code, 2);
  EXPECT_THAT(not_quantised.err, HasSubstr("evaluate.precision: int8 needs a checkpoint that `sshost quantize` wrote"));
  const Outcome trains = run({"validate", "p.yaml", "--set", "evaluate.precision=int8"});
  EXPECT_EQ(trains.exit_code, 2);
  EXPECT_THAT(trains.err, HasSubstr("evaluate.precision"));
}

}  // namespace
}  // namespace sshost::cli
