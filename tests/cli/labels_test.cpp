// What a run says of its labels.
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
using testing::Not;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: folder, root: ., images: "images/{split}/*.png", labels: "labels/{split}/*.png", classes: [ground, road, car]}
  train: {transforms: [{type: normalize}]}
  workers: 0
model: {backbone: {type: "null"}, head: {type: fcn, channels: 4, convolutions: 1, dropout: 0}}
train: {steps: 3, batch_size: 2}
evaluate: {report_images: 0, boundary_ratio: 0}
)";

class Labels : public PipelineFolder {
 protected:
  Labels() : PipelineFolder(kPipeline, kNullLibraries) {}

  // Four images of a split; the halves of their labels are these numbers.
  void add(const std::string& split, int upper, int lower) const {
    for (const char* kind : {"images", "labels"}) fs::create_directories(folder_ / kind / split);
    cv::Mat label(16, 16, CV_8U, cv::Scalar(upper));
    label.rowRange(8, 16).setTo(lower);
    for (const std::string name : {"1.png", "2.png", "3.png", "4.png"}) {
      cv::imwrite(folder_ / "images" / split / name, cv::Mat(16, 16, CV_8UC3, cv::Scalar(9, 90, 200)));
      cv::imwrite(folder_ / "labels" / split / name, label);
    }
  }

  nlohmann::json evaluation() const {
    std::ifstream file(folder_ / "run/metrics.jsonl");
    for (std::string line; std::getline(file, line);) {
      nlohmann::json entry = nlohmann::json::parse(line);
      if (entry.at("kind") == "evaluate") return entry;
    }
    return {};
  }
};

TEST_F(Labels, OfBothSplitsAreToldBeforeAndDuringTraining) {
  add("train", 0, 2);
  add("val", 0, 1);
  const Outcome outcome = run({"run", "p.yaml"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("labels of 4 images to train on: 2 of 3 classes, 0.0 % ignored; not among them: road"),
                    HasSubstr("labels of 4 images to evaluate on: 2 of 3 classes, 0.0 % ignored; not among them: car"),
                    HasSubstr("labels of the first 6 images, as the losses saw them: 2 of 3 classes"),
                    Not(HasSubstr("warning"))));
  EXPECT_FALSE(evaluation().contains("only_class"));
}

TEST_F(Labels, ThatAreIgnoredEverywhereEndTheTraining) {
  add("train", 255, 255);
  add("val", 255, 255);
  const Outcome outcome = run({"run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("warning: images to train on: no pixel of these labels is of a class"));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("nothing to learn: no pixel of the 6 images of the first 3 steps"),
                                 HasSubstr("train.on_nothing_to_learn: warn")));
  EXPECT_TRUE(fs::is_empty(folder_ / "run/checkpoints")) << "nothing is saved";

  const Outcome allowed = run({"run", "p.yaml", "--set", "output=other", "--set", "train.on_nothing_to_learn=warn"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_THAT(allowed.out, HasSubstr("warning: no pixel of these labels is of a class"));
}

TEST_F(Labels, OfOneClassAloneEndTheRunBeforeTheTraining) {
  add("train", 0, 255);
  add("val", 0, 255);
  const std::vector<std::string> words = {"run", "p.yaml", "--set", "data.dataset.classes=[object]"};
  const Outcome outcome = run(words);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("nothing to learn: the data set has one class alone, object"));
  EXPECT_FALSE(fs::exists(folder_ / "run"));
}

TEST_F(Labels, OfWhichOneClassOccursGiveAMeanThatSaysSo) {
  add("train", 0, 255);
  add("val", 0, 255);
  const Outcome outcome = run({"run", "p.yaml", "--set", "train.steps=30", "--set", "train.optimizer.lr=0.5"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("warning: images to train on: all that these labels hold is the class ground"),
                    HasSubstr("50.0 % ignored"), HasSubstr("mean IoU 100.00 % (the labels hold ground alone)")));
  EXPECT_EQ(evaluation().at("only_class"), "ground");
  EXPECT_THAT(test::read_bytes(folder_ / "run/report.html"), HasSubstr("Mean IoU of one class alone"));
}

// The inputs of ../shared/cases, as people have them.
class LabelsOfCases : public Labels {
 protected:
  void SetUp() override {
    if (!fs::exists(cases())) GTEST_SKIP() << "no " << cases();
  }

  static fs::path cases() { return fs::path(SSHOST_SHARED_DIR) / "cases"; }

  Outcome run_case(const std::string& name, const std::string& classes) const {
    return run({"run", "p.yaml", "--set", "data.dataset.root=" + (cases() / name).string(), "--set",
                "data.dataset.classes=" + classes, "--set", "output=" + name});
  }
};

TEST_F(LabelsOfCases, ThatHoldNothingToLearnEndTheRun) {
  for (const auto& [name, classes] : {std::pair("l6a", "[object]"), std::pair("t3", "[a, b, c]")}) {
    const Outcome outcome = run_case(name, classes);
    EXPECT_EQ(outcome.exit_code, 1) << name << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("nothing to learn")) << name;
  }
}

TEST_F(LabelsOfCases, ThatHoldLessThanTheyShouldAreTold) {
  EXPECT_THAT(run_case("l1", "[background, object]").out,
              AllOf(HasSubstr("all that these labels hold is the class background"),
                    HasSubstr("(the labels hold background alone)")));
  EXPECT_THAT(run_case("e5", "[a, b, c]").out,
              AllOf(HasSubstr("to evaluate on: 2 of 3 classes"), HasSubstr("not among them: ")));
}

}  // namespace
}  // namespace sshost::cli
