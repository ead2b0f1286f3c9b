// What a checkpoint is loaded for: the classes that it knows, values that no model has, the folder of a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset:
    type: folder
    root: pictures
    images: images/*.png
    labels: labels/*.png
    classes: [{name: dark}, {name: middle}, {name: light}]
  train: {transforms: [{type: normalize}]}
  evaluate: {split: train, transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, convolutions: 1, dropout: 0}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8}
train: {steps: 4, batch_size: 2, log_every: 1, save_every: 2, optimizer: {type: adamw, lr: 0.01}}
)";

// The same pictures, their classes in another order.
const std::vector<std::string> kTurned = {"--set", "data.dataset.classes=[{name: light}, {name: dark}, {name: middle}]",
                                          "--set", "data.dataset.label_map={0: 1, 1: 2, 2: 0}"};

class Checkpoints : public PipelineFolder {
 protected:
  Checkpoints() : PipelineFolder(kPipeline, kNullLibraries) {
    fs::create_directories(file("pictures/images"));
    fs::create_directories(file("pictures/labels"));
    for (int i = 0; i < 4; ++i) add_picture(i);
  }

  void add_picture(int number) const {
    cv::Mat image(32, 32, CV_8UC3), label(32, 32, CV_8UC1);
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 32; ++x) {
        const int of_class = (x / 8 + y / 16 * number) % 3;
        label.at<uint8_t>(y, x) = static_cast<uint8_t>(of_class);
        image.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uint8_t>(20 + 90 * of_class + (x * y + number) % 13));
      }
    }
    const std::string name = std::to_string(number) + ".png";
    cv::imwrite(file("pictures/images/" + name).string(), image);
    cv::imwrite(file("pictures/labels/" + name).string(), label);
  }

  Outcome run_with(std::vector<std::string> arguments, const std::vector<std::string>& more) const {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::vector<json> metrics(const std::string& folder, const std::string& kind) const {
    std::vector<json> lines;
    std::ifstream stream(file(folder + "/metrics.jsonl"));
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(json::parse(line));
      if (lines.back().at("kind") != kind) lines.pop_back();
    }
    return lines;
  }

  void train() const {
    const Outcome outcome = run({"run", "p.yaml"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }

  static std::map<std::string, double> iou_by_name(const json& evaluation) {
    std::map<std::string, double> result;
    for (const json& entry : evaluation.at("classes")) result[entry.at("name")] = entry.at("iou").get<double>();
    return result;
  }

  // A checkpoint of an earlier version whose named tensor begins with NaN.
  void write_sick(const std::string& name, const std::string& tensor) const {
    const std::string whole = test::read_bytes(file("run/checkpoints/step-000004.safetensors"));
    uint64_t length = 0;
    std::memcpy(&length, whole.data(), sizeof length);
    json header = json::parse(whole.substr(8, length));
    std::string data = whole.substr(8 + length);
    header["__metadata__"].erase("sshost.checksums");
    const float nan = NAN;
    std::memcpy(data.data() + header.at(tensor).at("data_offsets")[0].get<size_t>(), &nan, sizeof nan);
    const std::string text = header.dump();
    length = text.size();
    test::write_bytes(file(name), std::string(reinterpret_cast<const char*>(&length), sizeof length) + text + data);
  }
};

TEST_F(Checkpoints, AreEvaluatedOnClassesInAnotherOrderByNameAloneAndToTheSameScores) {
  train();
  const std::vector<std::string> evaluate = {"run",   "p.yaml",         "--checkpoint", "run",
                                             "--set", "run=[evaluate]", "--output"};
  std::vector<std::string> turned = evaluate;
  turned.push_back("turned");
  const Outcome refused = run_with(turned, kTurned);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(R"(["light", "dark", "middle"], found ["dark", "middle", "light"])"),
                                 HasSubstr("by_name")));
  turned.insert(turned.end(), {"--set", "weights.classes=by_name"});
  const Outcome done = run_with(turned, kTurned);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto expected = iou_by_name(metrics("run", "evaluate").back());
  const auto found = iou_by_name(metrics("turned", "evaluate").back());
  ASSERT_EQ(expected.size(), 3U);
  for (const auto& [name, iou] : expected) EXPECT_NEAR(found.at(name), iou, 1e-3) << name;
}

TEST_F(Checkpoints, AreGoneOnWithInAnotherOrderAsIfItHadBeenTheFirst) {
  train();
  fs::remove(file("run/checkpoints/step-000004.safetensors"));
  const std::vector<std::string> resume = {
      "run",      "p.yaml", "--checkpoint", "run/checkpoints/step-000002.safetensors",
      "--output", "turned", "--set",        "train.resume=true"};
  EXPECT_EQ(run_with(resume, kTurned).exit_code, 2);
  fs::remove_all(file("turned"));
  std::vector<std::string> by_name = resume;
  by_name.insert(by_name.end(), {"--set", "weights.classes=by_name"});
  const Outcome done = run_with(by_name, kTurned);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const std::vector<json> before = metrics("run", "train"), after = metrics("turned", "train");
  ASSERT_EQ(after.size(), 2U);
  for (size_t i = 0; i < 2; ++i) EXPECT_NEAR(after[i].at("loss"), before.at(2 + i).at("loss"), 1e-4);
}

TEST_F(Checkpoints, OfAnotherNumberOfClassesNameBothAndTheWay) {
  train();
  const Outcome outcome = run({"run", "p.yaml", "--checkpoint", "run", "--output", "other", "--set",
                               "data.dataset.classes=[{name: a}, {name: b}, {name: c}, {name: d}]"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("4 classes"), HasSubstr("found one for 3"), HasSubstr("skip_classifier")));
  EXPECT_FALSE(fs::exists(file("other")));
}

TEST_F(Checkpoints, WithWeightsThatAreNotFiniteAreRefusedByName) {
  train();
  write_sick("sick.safetensors", "head.convs.0.conv.weight");
  const Outcome outcome = run({"predict", "pictures/images", "--checkpoint", "sick.safetensors"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("head.convs.0.conv.weight (1 of"), HasSubstr("weights.values: any")));
}

TEST_F(Checkpoints, WhoseOutputsAreNotFiniteEndEvaluationAndPredictionWithImageAndLayer) {
  train();
  write_sick("sick.safetensors", "head.convs.0.conv.weight");
  const Outcome predicted =
      run({"predict", "pictures/images", "--checkpoint", "sick.safetensors", "--set", "weights.values=any"});
  EXPECT_EQ(predicted.exit_code, 1);
  EXPECT_THAT(predicted.err, AllOf(HasSubstr("images/0.png"), HasSubstr("not finite"), HasSubstr("layer \"convs.0"),
                                   HasSubstr("head fcn"), HasSubstr("\"head.convs.0.conv.weight\" itself has 1 of")));
  EXPECT_FALSE(fs::exists(file("predictions/0.png")));
  const Outcome evaluated = run({"run", "p.yaml", "--checkpoint", "sick.safetensors", "--set", "weights.values=any",
                                 "--set", "run=[evaluate]", "--output", "scored"});
  EXPECT_EQ(evaluated.exit_code, 1);
  EXPECT_THAT(evaluated.err, AllOf(HasSubstr("image \""), HasSubstr("not finite")));
  EXPECT_THAT(evaluated.out, Not(HasSubstr("mean IoU")));
  EXPECT_TRUE(metrics("scored", "evaluate").empty());
}

TEST_F(Checkpoints, OfATrainingThatRanAwayAreNotSaved) {
  const Outcome outcome = run({"run", "p.yaml", "--set", "train.steps=1", "--set", "run=[train]", "--set",
                               "train.optimizer={type: sgd, lr: 1e30, momentum: 0.9, weight_decay: 1e30}"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("step 1 left"), HasSubstr("train.optimizer.lr")));
  EXPECT_TRUE(fs::is_empty(file("run/checkpoints")));
}

TEST_F(Checkpoints, AreFoundInTheFolderOfARun) {
  train();
  EXPECT_EQ(fs::read_symlink(file("run/checkpoints/last.safetensors")), "step-000004.safetensors");
  const Outcome predicted = run({"predict", "pictures/images", "--checkpoint", "run", "--output", "masks"});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_TRUE(fs::exists(file("masks/0.png")));
  EXPECT_EQ(run({"weights", "export", "run", "--output", "x.pth"}).exit_code, 0);
  EXPECT_EQ(run({"memory", "inspect", "run"}).exit_code, 0);
  const Outcome evaluated = run({"run", "--checkpoint", "run", "--set", "run=[evaluate]", "--output", "again"});
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, HasSubstr("weights from " + file("run/checkpoints/last.safetensors").string()));
  const Outcome none = run({"predict", "pictures/images", "--checkpoint", "pictures"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("holds no run"));
}

}  // namespace
}  // namespace sshost::cli
