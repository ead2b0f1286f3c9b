// What the program says of what people have and type, from validate to predict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
seed: 3
data:
  dataset: {type: folder, root: ., images: "images/{split}/*.png", labels: "labels/{split}/*.png", classes: [ground, thing]}
  train: {transforms: [{type: normalize}]}
  workers: 0
model: {backbone: {type: "null"}, head: {type: fcn, channels: 4, convolutions: 1, dropout: 0}}
train: {steps: 2, batch_size: 2}
evaluate: {report_images: 0, boundary_ratio: 0}
)";

class Habits : public PipelineFolder {
 protected:
  Habits() : PipelineFolder(kPipeline, kNullLibraries) {
    for (const char* split : {"train", "val"}) {
      for (int i = 0; i < 4; ++i) add(split, std::to_string(i));
    }
  }

  void write(const std::string& name, const cv::Mat& pixels) const {
    fs::create_directories(file(name).parent_path());
    ASSERT_TRUE(cv::imwrite(file(name).string(), pixels));
  }
  // The left part is bright and a thing.
  void add(const std::string& split, const std::string& name) const {
    const int ground = (split == "val" ? 60 : 30) + name.back() % 16;  // no image is a copy of another
    cv::Mat image(16, 24, CV_8UC3, cv::Scalar::all(ground)), label(16, 24, CV_8U, cv::Scalar(0));
    image.colRange(0, 8).setTo(cv::Scalar::all(220));
    label.colRange(0, 8).setTo(1);
    write("images/" + split + "/" + name + ".png", image);
    write("labels/" + split + "/" + name + ".png", label);
  }
  // The same in colours; where `stray`, the right end has one that no class has.
  void color(const std::string& split, const std::string& name, bool stray) const {
    cv::Mat label(16, 24, CV_8UC3, cv::Scalar(0, 0, 0));
    label.colRange(0, 8).setTo(cv::Scalar(0, 0, 200));
    if (stray) label.colRange(20, 24).setTo(cv::Scalar(50, 60, 70));
    write("labels/" + split + "/" + name + ".png", label);
  }
};

const std::string kColors =
    "data.dataset={type: folder, root: ., images: 'images/{split}/*.png', labels: 'labels/{split}/*.png', "
    "label_colors: "
    "true, classes: [{name: ground, color: '#000000'}, {name: thing, color: '#c80000'}]}";

TEST_F(Habits, ValidateSaysWhatTheDoctorWouldOfAFewSamples) {
  EXPECT_THAT(run({"validate", "p.yaml"}).err, Not(HasSubstr("warning")));
  for (int i = 0; i < 4; ++i)
    write("labels/train/" + std::to_string(i) + ".png", cv::Mat(16, 24, CV_8U, cv::Scalar(7)));
  const Outcome outcome = run({"validate", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err + outcome.out,
              AllOf(HasSubstr("split train: 1 numbers in the labels are neither a class"),
                    HasSubstr("the pipeline is valid"), HasSubstr("sshost data doctor p.yaml")));
  const auto document = nlohmann::json::parse(run({"validate", "p.yaml", "--json"}).out);
  EXPECT_EQ(document.at("warnings").size(), 1U);
}

TEST_F(Habits, ValidateSaysThatTheDataAreNotThere) {
  const Outcome outcome = run({"validate", "p.yaml", "--set", "data.dataset.root=elsewhere"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err + outcome.out, AllOf(HasSubstr("split train: it cannot be opened: "),
                                               HasSubstr("no file matches"), HasSubstr("elsewhere")));
}

TEST_F(Habits, ValidateRefusesOneImageWhereABatchNormNeedsTwo) {
  const Outcome outcome = run({"validate", "p.yaml", "--set", "train.batch_size=1", "--set", "model.head={type: psp}"});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("train.batch_size: expected at least 2, found 1"), HasSubstr("batch norm")));
  EXPECT_EQ(run({"validate", "p.yaml", "--set", "train.batch_size=1"}).exit_code, 0) << "fcn pools nothing";
}

TEST_F(Habits, AColorOfNoClassIsToldByTheRunAndTheEvaluation) {
  for (const char* split : {"train", "val"}) {
    for (int i = 0; i < 4; ++i) color(split, std::to_string(i), i == 3);
  }
  const Outcome outcome = run({"run", "p.yaml", "--set", kColors});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const std::string all = outcome.err + outcome.out;
  for (const std::string split : {"train", "val"}) {
    EXPECT_THAT(all,
                AllOf(HasSubstr("folder: split " + split + ": "),
                      HasSubstr("labels/" + split + "/3.png holds colours that no class has, such as #463c32"),
                      HasSubstr("split " + split + ": 1 of the labels that were read hold colours that no class has")));
  }
  EXPECT_THAT(all, HasSubstr("#463c32 (64 pixels in 1 labels)"));
  const Outcome doctor = run({"data", "doctor", "p.yaml", "--set", kColors});
  EXPECT_EQ(doctor.exit_code, 0) << doctor.out;
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("1 colours in the labels are no class's"), HasSubstr("#463c32: 64 pixels")));
}

TEST_F(Habits, ARunSaysHowToPredictAndPredictWithWhatItDoes) {
  const Outcome trained = run({"run", "p.yaml"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("predict with its last checkpoint (step 2): sshost predict IMAGES --checkpoint "));
  const Outcome predicted = run({"predict", "images/val", "--checkpoint", "run"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_THAT(predicted.out, HasSubstr("checkpoint of step 2: " + file("run/checkpoints/last.safetensors").string()));
}

TEST_F(Habits, GoingOnWithOtherImagesIsTold) {
  ASSERT_EQ(run({"run", "p.yaml"}).exit_code, 0);
  const std::vector<std::string> go_on = {"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=4"};
  add("train", "new");
  const Outcome outcome = run(go_on);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err + outcome.out, HasSubstr("it had 4, now there are 5"));
}

TEST_F(Habits, PathsOfAShellAreNamed) {
  for (const std::string path : {"~/data", "$DATA/x", "${HOME}/x"}) {
    const Outcome outcome = run({"validate", "p.yaml", "--set", "data.dataset.root=" + path});
    EXPECT_EQ(outcome.exit_code, 2) << path;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("data.dataset.root"), HasSubstr("is a shell's: write out")));
  }
  fs::create_directories(file("~/images"));
  EXPECT_EQ(run({"validate", "p.yaml", "--set", "data.dataset.root=~/"}).exit_code, 0) << "a folder of that name";
}

TEST_F(Habits, ClassesThatYamlReadsAsSomethingElseAreTold) {
  for (const std::string name : {"null", "~", "no", "on", "yes"}) {
    const Outcome outcome = run({"validate", "p.yaml", "--set", "data.dataset.classes=[ground, " + name + "]"});
    EXPECT_TRUE(outcome.exit_code == 0 || outcome.err.find("quote it if it is meant as text") != std::string::npos)
        << name << ": " << outcome.err;
  }
  EXPECT_EQ(run({"validate", "p.yaml", "--set", "data.dataset.classes=[ground, null]"}).exit_code, 2);
}

// A mask for each class: liver left, vessel in the middle of it and beyond.
TEST_F(Habits, MasksOfSeveralClassesAPixelAreTrainedScoredAndPredicted) {
  for (const char* split : {"train", "val"}) {
    for (int i = 0; i < 4; ++i) {
      const std::string name = std::to_string(i) + ".png";
      cv::Mat image(32, 48, CV_8UC3, cv::Scalar::all(20 + i + (split[0] == 'v' ? 10 : 0))),
          liver(32, 48, CV_8U, cv::Scalar(0)), vessel = liver.clone();
      image.colRange(0, 24) += cv::Scalar(200, 0, 0);
      image.colRange(16, 40) += cv::Scalar(0, 0, 200);
      liver.colRange(0, 24).setTo(255);
      vessel.colRange(16, 40).setTo(255);
      write("img/" + std::string(split) + "/" + name, image);
      write("masks/" + std::string(split) + "/liver/" + name, liver);
      write("masks/" + std::string(split) + "/vessel/" + name, vessel);
    }
  }
  test::write_bytes(file("m.yaml"), R"(run: [train, evaluate]
output: both
seed: 3
data:
  dataset: {type: folder, root: ., images: "img/{split}/*", labels: "masks/{split}/{class}/*", classes: [liver, vessel]}
  train:
    transforms: [{type: random_flip}, {type: resize, size: {height: 32, width: 48}, scale_range: [0.8, 1.2]}, {type: random_rotation, max_angle: 5},
                 {type: random_crop, size: {height: 32, width: 48}}, {type: normalize}, {type: pad, size: {height: 32, width: 48}}]
  workers: 0
model:
  outputs: independent
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, kernel: 1, convolutions: 1}
train: {steps: 80, batch_size: 4, save_every: 0, optimizer: {type: sgd, lr: 0.1}}
evaluate: {report_images: 2}
)");
  const Outcome doctor = run({"data", "doctor", "m.yaml"});
  EXPECT_EQ(doctor.exit_code, 0) << doctor.out << doctor.err;
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("50.00 %        4  liver"), HasSubstr("50.00 %        4  vessel")));
  EXPECT_EQ(run({"data", "preview", "m.yaml"}).exit_code, 0);
  const Outcome trained = run({"run", "m.yaml"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err << trained.out;
  EXPECT_THAT(trained.out, HasSubstr("labels of 4 images to train on: 2 of 2 classes, 0.0 % ignored"));
  std::ifstream lines(file("both/metrics.jsonl"));
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) {
    if (const auto entry = nlohmann::json::parse(line); entry.at("kind") == "evaluate") last = entry;
  }
  EXPECT_GT(last.at("mean_iou").get<double>(), 0.9);
  for (const auto& each : last.at("classes")) EXPECT_NEAR(each.at("pixels").get<double>(), 4 * 32 * 24, 0.1);
  ASSERT_EQ(run({"predict", "img/val/0.png", "--checkpoint", "both", "--output", "out"}).exit_code, 0);
  for (const char* name : {"liver", "vessel"}) {
    const cv::Mat mask = cv::imread(file("out/0." + std::string(name) + ".mask.png"), cv::IMREAD_UNCHANGED);
    ASSERT_FALSE(mask.empty()) << name;
    EXPECT_EQ(mask.at<uint8_t>(16, 20), 255) << name << " where both are";
    EXPECT_EQ(mask.at<uint8_t>(16, 46), 0) << name << " where neither is";
  }
  const Outcome exclusive = run({"validate", "m.yaml", "--set", "model.outputs=exclusive"});
  EXPECT_EQ(exclusive.exit_code, 2);
  EXPECT_THAT(exclusive.err, HasSubstr("model.outputs: expected independent"));
}

TEST_F(Habits, LabelsBesideThePhotographsOfAFolderAreNotPredicted) {
  const std::string flat =
      "data.dataset={type: folder, root: flat, images: '*.jpg', labels: '*_mask.png', classes: [ground, thing], split: "
      "{val: "
      "0.3, seed: 1}}";
  for (int i = 0; i < 8; ++i) {
    cv::Mat label(16, 24, CV_8U, cv::Scalar(0));
    label.colRange(0, 8).setTo(1);
    write("flat/p" + std::to_string(i) + ".jpg", cv::Mat(16, 24, CV_8UC3, cv::Scalar::all(20 + 9 * i)));
    write("flat/p" + std::to_string(i) + "_mask.png", label);
  }
  ASSERT_EQ(run({"run", "p.yaml", "--set", flat}).exit_code, 0);
  const Outcome folder = run({"predict", "flat", "--checkpoint", "run", "--output", "out"});
  EXPECT_EQ(folder.exit_code, 0) << folder.err;
  EXPECT_THAT(folder.out, AllOf(HasSubstr("8 predictions in out"), HasSubstr("left out: 8 images that are labels")));
  const Outcome named = run({"predict", "flat/p0_mask.png", "--checkpoint", "run", "--output", "one"});
  EXPECT_THAT(named.out, HasSubstr("1 prediction in one"));
}

}  // namespace
}  // namespace sshost::cli
