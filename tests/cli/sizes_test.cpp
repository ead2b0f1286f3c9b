// Photographs of many sizes: what becomes of them in training and evaluation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <sstream>

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
  dataset: {type: folder, root: ., classes: [{name: ground}, {name: thing}]}
  workers: 0
model: {backbone: {type: "null"}, head: {type: "null"}}
train: {steps: 2, batch_size: 3}
evaluate: {report_images: 0}
)";

class Sizes : public PipelineFolder {
 protected:
  Sizes() : PipelineFolder(kPipeline, kNullLibraries) {
    for (const char* split : {"train", "val"}) {
      add(split, "lying", 64, 48);
      add(split, "standing", 48, 64);
      add(split, "large", 200, 180);
    }
  }

  // The lower half of its label is the thing.
  void add(const std::string& split, const std::string& name, int width, int height) const {
    fs::create_directories(folder_ / "images" / split);
    fs::create_directories(folder_ / "labels" / split);
    cv::imwrite((folder_ / "images" / split / (name + ".jpg")).string(),
                cv::Mat(height, width, CV_8UC3, {90, 120, split == "train" ? 150.0 : 90.0}));
    cv::Mat label(height, width, CV_8U, cv::Scalar(0));
    label.rowRange(height / 2, height).setTo(1);
    cv::imwrite((folder_ / "labels" / split / (name + ".png")).string(), label);
  }

  Outcome with(std::vector<std::string> arguments, const std::vector<std::string>& settings) const {
    arguments.emplace_back("p.yaml");
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return run(arguments);
  }
};

const std::string kTransforms = "data.train.transforms=";

TEST_F(Sizes, WithoutTransformsPhotographsOfSeveralSizesAreTrainedOn) {
  const Outcome valid = with({"validate"}, {});
  EXPECT_EQ(valid.exit_code, 0) << valid.err;
  EXPECT_THAT(valid.out,
              AllOf(HasSubstr("shorter side is 48 pixels"), HasSubstr("cropped to {height: 32, width: 32}")));
  const Outcome outcome = with({"run"}, {});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("cropped to {height: 32, width: 32}"));
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")),
              AllOf(HasSubstr("size: {height: 48, width: 192}"), HasSubstr("size: {height: 32, width: 32}")));
}

TEST_F(Sizes, WhatIsEvaluatedHasTheScaleThatWasTrainedAt) {
  EXPECT_EQ(with({"validate", "--print"}, {}).exit_code, 0);
  const std::string mixed = with({"validate", "--print"}, {}).out;
  EXPECT_THAT(mixed.substr(mixed.find("evaluate:")), HasSubstr("type: resize"));
  for (const char* split : {"train", "val"}) fs::remove(folder_ / "images" / split / "large.jpg");
  for (const char* split : {"train", "val"}) fs::remove(folder_ / "labels" / split / "large.png");
  const std::string alike = with({"validate", "--print"}, {"train.batch_size=2"}).out;
  EXPECT_THAT(alike.substr(alike.find("evaluate:")), Not(HasSubstr("type: resize")));
}

TEST_F(Sizes, BatchesThatCannotBeMadeAreFoundBeforeAnyWork) {
  for (const char* command : {"validate", "run"}) {
    const Outcome outcome = with({command}, {kTransforms + "[{type: random_flip}, {type: normalize}]"});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("data.train.transforms: samples of one batch would differ in size"),
                      HasSubstr("\"large\" of {height: 180, width: 200}"), HasSubstr("random_crop and pad")));
  }
  EXPECT_FALSE(fs::exists(file("run")));
  EXPECT_EQ(with({"validate"}, {kTransforms + "[{type: normalize}]", "train.batch_size=1"}).exit_code, 0);
  EXPECT_THAT(with({"validate"}, {"evaluate.batch_size=2"}).err,
              HasSubstr("evaluate.batch_size: samples of one batch"));
}

TEST_F(Sizes, TheDoctorMendsTransformsThatGiveSeveralSizes) {
  const std::vector<std::string> settings = {kTransforms + "[{type: random_flip}, {type: normalize}]"};
  const Outcome ill = with({"data", "doctor"}, settings);
  EXPECT_EQ(ill.exit_code, 1);
  EXPECT_THAT(ill.out, HasSubstr("! samples of one batch would differ in size behind data.train.transforms"));
  std::istringstream lines(ill.out.substr(ill.out.find("    mend:\n") + 10));
  std::string yaml, line;
  while (std::getline(lines, line) && line.starts_with("      ")) yaml += line.substr(6) + "\n";
  EXPECT_THAT(yaml, HasSubstr("type: random_flip"));
  test::write_bytes(file("q.yaml"), "extends: p.yaml\n" + yaml);
  const Outcome mended = run({"data", "doctor", "q.yaml"});
  EXPECT_EQ(mended.exit_code, 0) << mended.out;
  EXPECT_EQ(run({"run", "q.yaml"}).exit_code, 0);
}

TEST_F(Sizes, APadThatIsNotSquareTakesLyingAndStandingImages) {
  const Outcome outcome =
      with({"run"}, {kTransforms + "[{type: random_crop, size: {height: 48, width: 64}}, "
                                   "{type: normalize}, {type: pad, size: {height: 48, width: 64}}]"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Sizes, AnImageOfWhichAScaleLeavesNothingIsNamedAndCanBeSkipped) {
  add("val", "sliver", 3, 64);
  const std::vector<std::string> settings = {"run=[evaluate]", "evaluate.scales=[0.25, 1]",
                                             "data.evaluate.transforms=[{type: normalize}]"};
  const Outcome stopped = with({"run"}, settings);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err,
              AllOf(HasSubstr("sliver.jpg"), HasSubstr("evaluate.scales: 0.25 leaves nothing of an image")));
  std::vector<std::string> skipping = settings;
  skipping.insert(skipping.end(), {"data.on_broken_sample=skip", "output=skipped"});
  const Outcome skipped = with({"run"}, skipping);
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.out + skipped.err, AllOf(HasSubstr("sliver.jpg"), HasSubstr("on 3 images")));
}

// Images where hardly any place, or none, holds a label.
TEST(SizesOfCases, ACropIsMadeWhereNoPlaceHoldsALabel) {
  const fs::path cases = fs::path(SSHOST_SHARED_DIR) / "cases";
  if (!fs::exists(cases)) GTEST_SKIP() << "no " << cases;
  const test::TempFolder folder;
  for (const std::string& library : kNullLibraries) {
    fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / library, folder / library);
  }
  for (const char* name : {"t3b", "corner"}) {
    test::write_bytes(
        folder / "p.yaml",
        "run: [train]\ndata:\n  workers: 0\n  dataset:\n    {type: folder, root: " + (cases / name).string() +
            ", images: 'images/{split}/*.png', labels: 'labels/{split}/*.png', classes: [{name: a}, "
            "{name: b}, {name: c}]}\n"
            "  train: {transforms: [{type: random_crop, size: {height: 16, width: 16}}, {type: normalize}]}\n"
            "model: {backbone: {type: \"null\"}, head: {type: \"null\"}}\n"
            "train: {steps: 6, batch_size: 2, save_every: 0, on_nothing_to_learn: warn}\n");
    for (const char* seed : {"seed=0", "seed=1", "seed=2"}) {
      const Outcome outcome =
          run_program(folder.path(), {"run", "p.yaml", "--set", seed, "--set", "train.on_nothing_to_learn=warn"});
      EXPECT_EQ(outcome.exit_code, 0) << name << ", " << seed << ": " << outcome.err;
    }
  }
}

}  // namespace
}  // namespace sshost::cli
