// A model of independent outputs, from training to the files of its predictions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
seed: 3
data:
  dataset: {type: folder, root: ., images: "images/{split}/*.png", label_map: {0: 0, 255: 1}, classes: [{name: ground}, {name: thing}]}
  train: {transforms: [{type: random_flip}, {type: normalize}]}
  workers: 0
model:
  outputs: independent
  background: ground
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, kernel: 1, convolutions: 1}
  loss: [{type: bce, positive_weights: [2]}, {type: tversky}]
train: {steps: 60, batch_size: 4, save_every: 0, optimizer: {type: sgd, lr: 0.1}}
evaluate: {report_images: 1, save_predictions: true, prediction_formats: [masks, overlay, probabilities]}
)";

// Dark ground, and a bright thing in the left part of it.
class IndependentOutputs : public PipelineFolder {
 protected:
  IndependentOutputs() : PipelineFolder(kPipeline, kNullLibraries) {
    for (const char* split : {"train", "val"}) {
      for (int i = 0; i < 4; ++i) add(split, i);
    }
  }

  void add(const std::string& split, int number) const {
    fs::create_directories(folder_ / "images" / split);
    fs::create_directories(folder_ / "labels" / split);
    cv::Mat image(32, 48, CV_8UC3, cv::Scalar::all(20 + 5 * number));
    cv::Mat label(32, 48, CV_8U, cv::Scalar(0));
    const cv::Rect thing(0, 0, 16, 24);
    image(thing).setTo(cv::Scalar::all(220));
    label(thing).setTo(255);
    cv::imwrite((folder_ / "images" / split / (std::to_string(number) + ".png")).string(), image);
    cv::imwrite((folder_ / "labels" / split / (std::to_string(number) + ".png")).string(), label);
  }

  nlohmann::json last_evaluation() const {
    std::ifstream lines(file("run/metrics.jsonl"));
    nlohmann::json last;
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line);
      if (json.at("kind") == "evaluate") last = json;
    }
    return last;
  }
};

TEST_F(IndependentOutputs, OfABinaryTaskAreTrainedScoredAndPredicted) {
  const Outcome trained = run({"run", "p.yaml"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err << trained.out;
  const nlohmann::json scores = last_evaluation();
  ASSERT_EQ(scores.at("classes").size(), 1U);
  EXPECT_EQ(scores.at("classes")[0].at("name"), "thing");
  EXPECT_GT(scores.at("mean_iou").get<double>(), 0.9);
  EXPECT_GT(scores.at("classes")[0].at("boundary_iou").get<double>(), 0.5);
  EXPECT_NEAR(scores.at("classes")[0].at("pixels").get<double>(), 4 * 16 * 24, 0.1);
  EXPECT_NEAR(scores.at("classes")[0].at("known").get<double>(), 4 * 32 * 48, 0.1);
  EXPECT_TRUE(fs::exists(file("run/report.html")));
  EXPECT_TRUE(fs::exists(file("run/predictions/0.overlay.jpg")));
  EXPECT_TRUE(fs::exists(file("run/predictions/0.npy")));

  const std::string checkpoint = file("run/checkpoints/step-000060.safetensors");
  const Outcome predicted = run({"predict", "images/val/0.png", "--checkpoint", checkpoint, "--output", "out"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  const cv::Mat mask = cv::imread(file("out/0.thing.mask.png"), cv::IMREAD_UNCHANGED);
  ASSERT_EQ(mask.size(), cv::Size(48, 32));
  EXPECT_EQ(mask.at<uint8_t>(4, 4), 255);
  EXPECT_EQ(mask.at<uint8_t>(30, 40), 0);
  const cv::Mat other = cv::imread(file("run/predictions/0.thing.mask.png"), cv::IMREAD_UNCHANGED);
  EXPECT_EQ(cv::countNonZero(mask != other), 0);

  const Outcome never = run(
      {"predict", "images/val/0.png", "--checkpoint", checkpoint, "--output", "none", "--set", "evaluate.threshold=1"});
  EXPECT_EQ(never.exit_code, 0) << never.err;
  EXPECT_EQ(cv::countNonZero(cv::imread(file("none/0.thing.mask.png"), cv::IMREAD_UNCHANGED)), 0);
}

// As the mean over its scales in probabilities, in windows, and resumed.
TEST_F(IndependentOutputs, KnowEveryWayToEvaluate) {
  const Outcome outcome = run(
      {"run", "p.yaml", "--set", "train.steps=2", "--set",
       "evaluate={scales: [0.5, 1], flip: true, average: probabilities, mode: slide, crop_size: {height: 16, width: "
       "16}, stride: {height: 8, width: 8}, threshold: [0.4]}"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(last_evaluation().at("classes").size(), 1U);
}

TEST_F(IndependentOutputs, WhatDoesNotFitIsFoundBeforeAnyWork) {
  const auto refusal = [this](const std::string& setting) {
    const Outcome outcome = run({"validate", "p.yaml", "--set", setting});
    EXPECT_EQ(outcome.exit_code, 2) << setting;
    return outcome.err;
  };
  EXPECT_THAT(refusal("evaluate.threshold=[0.1, 0.2]"),
              HasSubstr("evaluate.threshold: expected one, or 1, one for each class; found 2"));
  EXPECT_THAT(refusal("model.background=grond"), AllOf(HasSubstr("model.background"), HasSubstr("did you mean")));
  EXPECT_THAT(refusal("model.loss={type: cross_entropy}"), HasSubstr("expected one of bce"));
  const std::string checkpoint = [this] {
    EXPECT_EQ(run({"run", "p.yaml", "--set", "train.steps=1", "--set", "run=[train]"}).exit_code, 0);
    return file("run/checkpoints/step-000001.safetensors");
  }();
  const Outcome streamed = run({"predict", "images/val/0.png", "--checkpoint", checkpoint, "--stream"});
  EXPECT_EQ(streamed.exit_code, 2);
  EXPECT_THAT(streamed.err, HasSubstr("model.outputs: expected exclusive, found independent"));
  const Outcome palette = run({"predict", "images/val/0.png", "--checkpoint", checkpoint, "--format", "palette"});
  EXPECT_EQ(palette.exit_code, 2);
  EXPECT_THAT(palette.err, HasSubstr("found palette, which has one class for each pixel"));
}

}  // namespace
}  // namespace sshost::cli
