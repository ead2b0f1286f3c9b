// `sshost data doctor` and `sshost data preview`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
data:
  dataset: {type: folder, root: ., classes: [{name: ground}, {name: thing}]}
  train: {transforms: [{type: random_crop, size: [16, 16]}, {type: photometric_distortion}, {type: normalize}]}
  evaluate: {split: train}
model: {backbone: {type: "null"}, head: {type: "null"}}
train: {steps: 1}
)";

class Data : public testing::Test {
 protected:
  Data() {
    test::write_bytes(folder_ / "p.yaml", kPipeline);
    for (const char* name : {"null_backbone.so", "null_head.so"}) {
      fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / name, folder_ / name);
    }
    fs::create_directories(folder_ / "images/train");
    fs::create_directories(folder_ / "labels/train");
    for (const char* name : {"a", "b", "c"}) add(name, 1);
  }
  // An image of 32 x 24; the lower half of its label is `number`, the rest 0.
  void add(const std::string& name, int number) const {
    cv::imwrite((folder_ / ("images/train/" + name + ".jpg")).string(),
                cv::Mat(24, 32, CV_8UC3, cv::Scalar(90, 120, 150)));
    cv::Mat label(24, 32, CV_8U, cv::Scalar(0));
    label.rowRange(12, 24).setTo(number);
    cv::imwrite((folder_ / ("labels/train/" + name + ".png")).string(), label);
  }
  Outcome run(const std::vector<std::string>& arguments) const { return run_program(folder_.path(), arguments); }

  test::TempFolder folder_;
};

TEST_F(Data, TheDoctorPassesAHealthySplitWithItsHistogram) {
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("split train: 3 of 3 samples read, nothing wrong"),
                                 HasSubstr("50.00 %        3  thing")));
}

TEST_F(Data, WhatTheDoctorSuggestsMends) {
  for (const char* name : {"a", "b", "c"}) add(name, 255);
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("mend: data: {dataset: {label_map: {0: 0, 255: 1}}}"));
  const Outcome mended = run({"data", "doctor", "p.yaml", "--set", "data.dataset.label_map={0: 0, 255: 1}"});
  EXPECT_EQ(mended.exit_code, 0) << mended.out;
}

TEST_F(Data, TheDoctorNamesWhatHasNoPartnerAndWhatIsBroken) {
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out, AllOf(HasSubstr("1 samples cannot be read"), HasSubstr("b.jpg")));
  fs::remove(folder_ / "labels/train/c.png");
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("cannot be opened"), HasSubstr("c.jpg has no label")));
}

TEST_F(Data, TheDoctorKnowsColouredLabels) {
  cv::imwrite((folder_ / "labels/train/b.png").string(), cv::Mat(24, 32, CV_8UC3, cv::Scalar(0, 0, 128)));
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out,
              AllOf(HasSubstr("1 labels hold colours"), HasSubstr("label_colors: true"), HasSubstr("#800000")));
}

TEST_F(Data, ThePreviewShowsWhatTrainingSees) {
  const Outcome outcome = run({"data", "preview", "p.yaml", "--count", "2", "--width", "64", "--sheet", "s.png"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("s.png: 2 samples of split train"));
  const cv::Mat sheet = cv::imread((folder_ / "s.png").string());
  EXPECT_GE(sheet.cols, 4 * 64);
  EXPECT_GE(sheet.rows, 64);  // crops are square
}

TEST_F(Data, ABrokenImageStopsARunOrIsSkipped) {
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  const auto train = [&](const std::string& on_broken) {
    return run({"run", "p.yaml", "--output", on_broken, "--set", "train.batch_size=3", "--set",
                "data.on_broken_sample=" + on_broken});
  };
  const Outcome stopped = train("stop");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("images/train/b.jpg"));
  const Outcome skipped = train("skip");
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.out + skipped.err, AllOf(HasSubstr("skipped: "), HasSubstr("images/train/b.jpg"),
                                               HasSubstr("broken samples that were skipped: 1")));
}

TEST_F(Data, ABrokenImageStopsThePredictionOfASplitOrIsSkipped) {
  ASSERT_EQ(run({"run", "p.yaml", "--output", "r", "--set", "train.batch_size=3"}).exit_code, 0);
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  const auto predict = [&](const std::string& on_broken) {
    return run({"predict", "--checkpoint", "r/checkpoints/step-000001.safetensors", "--pipeline", "p.yaml", "--split",
                "train", "--output", on_broken, "--set", "data.on_broken_sample=" + on_broken});
  };
  const Outcome stopped = predict("stop");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("images/train/b.jpg"));
  const Outcome skipped = predict("skip");
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.out + skipped.err,
              AllOf(HasSubstr("skipped: "), HasSubstr("images/train/b.jpg"), HasSubstr("2 predictions in skip")));
  EXPECT_TRUE(fs::exists(folder_ / "skip/c.png"));
}

TEST_F(Data, ARunWithoutItsFilesFailsAtOnceAndAPipelineIsValidWithoutThem) {
  const std::string missing = "data.dataset={type: voc, root: /no/such/folder}";
  EXPECT_EQ(run({"validate", "p.yaml", "--set", missing}).exit_code, 0);
  const Outcome outcome = run({"run", "p.yaml", "--output", "r", "--set", missing});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("/no/such/folder"));
  EXPECT_FALSE(fs::exists(folder_ / "r"));
}

}  // namespace
}  // namespace sshost::cli
