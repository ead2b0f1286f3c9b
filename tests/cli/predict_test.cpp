// Very large images, and what is drawn over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: "null"}
train: {steps: 2, batch_size: 4}
evaluate: {mode: slide, crop_size: [256, 512], stride: [200, 400]}
)";

class Huge : public PipelineFolder {
 protected:
  Huge() : PipelineFolder(kPipeline, kNullLibraries) { EXPECT_EQ(run({"run", "p.yaml"}).exit_code, 0); }

  // Waves of three colours.
  void write_image(const std::string& name, uint32_t width, uint32_t height) const {
    image::testing::TiffFile tiff{.width = width, .height = height, .compression = COMPRESSION_LZW, .strip_rows = 16};
    tiff.pixels.resize(size_t{3} * width * height);
    for (size_t i = 0; i < tiff.pixels.size(); ++i) {
      const size_t x = i / 3 % width, y = i / 3 / width;
      tiff.pixels[i] = static_cast<uint8_t>((x / 7 + y / 5) * (i % 3 + 1));
    }
    image::testing::write_tiff(file(name), tiff);
  }

  Outcome predict(const std::string& image, const std::string& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"predict",  image,          "--pipeline",
                                          "p.yaml",   "--checkpoint", file("run/checkpoints/step-000002.safetensors"),
                                          "--output", folder};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Huge, RowByRowGivesTheFilesOfTheWholeImage) {
  write_image("a.tif", 900, 700);
  EXPECT_EQ(predict("a.tif", "whole", {"--format", "palette,index"}).exit_code, 0);
  const Outcome streamed = predict("a.tif", "rows", {"--format", "palette,index,overlay", "--stream"});
  EXPECT_EQ(streamed.exit_code, 0) << streamed.err;
  for (const char* name : {"a.png", "a.index.png"}) {
    EXPECT_EQ(test::read_bytes(file("rows") / name), test::read_bytes(file("whole") / name)) << name;
  }
  EXPECT_EQ(cv::imread(file("rows/a.overlay.png").string()).size(), cv::Size(900, 700));
}

TEST_F(Huge, FollowsLinkedFoldersAndSaysWhatItLeavesOut) {
  fs::create_directories(file("photos"));
  fs::create_directories(file("elsewhere"));
  for (const char* name : {"photos/a.JPG", "elsewhere/b.png"}) {
    cv::imwrite(file(name).string(), cv::Mat(40, 60, CV_8UC3, cv::Scalar::all(9)));
  }
  fs::create_directory_symlink("../elsewhere", file("photos/linked"));
  fs::create_directory_symlink(".", file("photos/loop"));
  fs::create_symlink("nowhere.jpg", file("photos/broken.jpg"));
  for (const char* name : {"photos/._a.jpg", "photos/.DS_Store", "photos/Thumbs.db"}) {
    test::write_bytes(file(name), "no image");
  }
  const Outcome outcome = predict("photos", "out");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(file("out/a.png")));
  EXPECT_TRUE(fs::exists(file("out/linked/b.png")));
  EXPECT_THAT(outcome.out + outcome.err,
              AllOf(HasSubstr("2 predictions"), HasSubstr("2 hidden"), HasSubstr("1 no images by their ending"),
                    HasSubstr("1 links that lead back"), HasSubstr("1 links that lead nowhere")));
}

TEST_F(Huge, MemoryDoesNotGrowWithTheHeight) {
  write_image("low.tif", 1000, 1500);
  write_image("high.tif", 1000, 12000);
  const Outcome low = predict("low.tif", "out", {"--stream"});
  const Outcome high = predict("high.tif", "out", {"--stream"});
  ASSERT_EQ(low.exit_code, 0) << low.err;
  ASSERT_EQ(high.exit_code, 0) << high.err;
  EXPECT_LT(high.peak_kib, low.peak_kib + (24 << 10)) << "the scores of the higher one alone are 126 MiB more";
  EXPECT_EQ(cv::imread(file("out/high.png").string()).size(), cv::Size(1000, 12000));
}

TEST_F(Huge, SaysWhatKeepsAnImageFromBeingStreamed) {
  write_image("a.tif", 60, 40);
  cv::imwrite(file("a.jpg").string(), cv::Mat(40, 60, CV_8UC3, cv::Scalar::all(9)));
  const auto error = [&](const std::string& image, const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--stream"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = predict(image, "out", all);
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  EXPECT_THAT(error("a.jpg", {}), AllOf(HasSubstr("a.jpg"), HasSubstr("PNG or TIFF")));
  EXPECT_THAT(error("a.tif", {"--set", "evaluate.scales=[1, 2]"}), HasSubstr("evaluate.scales: expected [1]"));
  EXPECT_THAT(error("a.tif", {"--format", "coco"}), HasSubstr("found coco"));
  EXPECT_THAT(error("a.tif", {"--set", "data.evaluate.transforms=[{type: resize, size: [64, 64]}, {type: normalize}]"}),
              HasSubstr("found resize"));
  EXPECT_FALSE(fs::exists(file("out")));
}

TEST_F(Huge, ALargeImageThatCannotBeReadSaysBothReasons) {
  cv::imwrite(file("a.png").string(), cv::Mat(4, 4, CV_8UC3, cv::Scalar::all(9)));
  std::string bytes = test::read_bytes(file("a.png"));
  for (const size_t side : {16, 20}) bytes.replace(side, 4, std::string("\0\1\0\0", 4));  // 65,536
  test::write_bytes(file("a.png"), bytes);
  const Outcome outcome = predict("a.png", "out");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("{height: 65536, width: 65536} pixels"), HasSubstr("nor can it be read row by row")));
}

class Photos : public Huge {
 protected:
  Photos() {
    fs::create_directory(file("photos"));
    for (const char* name : {"photos/a.png", "photos/b.jpg", "store.png"}) add(name);
  }

  void add(const std::string& name) const {
    cv::imwrite(file(name).string(), cv::Mat(16, 16, CV_8UC3, cv::Scalar(9, 99, 199)));
  }
};

TEST_F(Photos, AreNeverOverwritten) {
  const std::string before = test::read_bytes(file("photos/a.png"));
  const Outcome outcome = predict("photos", "photos");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("would overwrite photos/a.png"), HasSubstr("--output")));
  EXPECT_EQ(test::read_bytes(file("photos/a.png")), before);
  EXPECT_FALSE(fs::exists(file("photos/b.png"))) << "nothing is written";
  EXPECT_EQ(predict("photos", "photos", {"--format", "index"}).exit_code, 0) << "photos/a.index.png is no photo";
}

TEST_F(Photos, WhatALinkLeadsToIsPredictedBesideTheOthers) {
  fs::create_symlink("../store.png", file("photos/link.png"));
  const std::string before = test::read_bytes(file("store.png"));
  EXPECT_EQ(predict("photos", "out").exit_code, 0);
  EXPECT_TRUE(fs::exists(file("out/link.png")));
  EXPECT_EQ(test::read_bytes(file("store.png")), before);
}

TEST_F(Photos, OfTheSameNameAreToldApart) {
  add("photos/a.tif");
  const Outcome outcome = predict("photos", "out");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("photos/a.png and photos/a.tif"), HasSubstr("\"a\""), HasSubstr("--output")));
}

TEST_F(Photos, WithANameThatIsNotUtf8AreInCocosFileToo) {
  add("photos/caf\xe9.png");
  const Outcome outcome = predict("photos", "out", {"--format", "coco"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(test::read_bytes(file("out/coco.json")), HasSubstr("\"caf\xef\xbf\xbd\""));
}

TEST_F(Photos, ThatAreBrokenAreSkippedWhereThePipelineSaysSo) {
  const std::string whole = test::read_bytes(file("photos/a.png"));
  test::write_bytes(file("photos/0.png"), whole.substr(0, whole.size() / 2));
  EXPECT_EQ(predict("photos", "out").exit_code, 1);
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--stream"}}) {
    std::vector<std::string> arguments = {"--set", "data.on_broken_sample=skip"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    fs::remove(file("photos/b.jpg"));  // which cannot be streamed
    const Outcome outcome = predict("photos", "out", arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out,
                AllOf(HasSubstr("skipped: "), HasSubstr("photos/0.png"), HasSubstr("1 prediction in out")));
    EXPECT_FALSE(fs::exists(file("out/0.png")));
  }
}

// Of clips with a black and a white frame a model is given one; the overlay has to show that one.
TEST(Clips, AreOverlaidOnTheFrameThatWasScored) {
  const test::TempFolder folder;
  constexpr int kClips = 8;
  std::string clips;
  for (int clip = 0; clip < kClips; ++clip) {
    const std::string name = "c" + std::to_string(clip);
    clips += name + "\n";
    for (const char* part : {"origin", "mask"}) fs::create_directories(folder / "data" / name / part);
    for (const int frame : {0, 1}) {
      const std::string number = std::to_string(frame);
      cv::imwrite(folder / "data" / name / "origin" / (number + ".jpg"),
                  cv::Mat(16, 16, CV_8UC3, cv::Scalar::all(255 * frame)));
      cv::imwrite(folder / "data" / name / "mask" / (number + ".png"), cv::Mat(16, 16, CV_8U, cv::Scalar(1)));
    }
  }
  test::write_bytes(folder / "val.txt", clips);
  test::write_bytes(folder / "p.yaml", R"(run: [predict]
output: run
data:
  dataset: {type: vspw, root: ., frames: one}
  evaluate: {split: val, transforms: [{type: normalize}]}
model: {backbone: {type: "null"}, head: {type: fcn, channels: 8}}
evaluate: {prediction_formats: [probabilities, overlay]}
)");
  fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / "null_backbone.so", folder / "null_backbone.so");
  const Outcome outcome = run_program(folder.path(), {"run", "p.yaml"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;

  std::map<std::string, std::string> overlays;  // by the scores
  for (int clip = 0; clip < kClips; ++clip) {
    const std::string name = (folder / "run/predictions/c").string() + std::to_string(clip);
    const std::string overlay = test::read_bytes(name + ".overlay.jpg");
    EXPECT_EQ(overlays.emplace(test::read_bytes(name + ".npy"), overlay).first->second, overlay) << name;
  }
  ASSERT_EQ(overlays.size(), 2U) << "one frame was drawn for all clips";
  EXPECT_NE(overlays.begin()->second, overlays.rbegin()->second);
}

}  // namespace
}  // namespace sshost::cli
