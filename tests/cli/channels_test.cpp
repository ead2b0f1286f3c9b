// Images of one, four and six channels, from file to mask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "bridge/png_file.h"
#include "cli/pipeline_folder.h"
#include "image/picture.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The number of channels, and numbers for `normalize`, come by --set.
constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: folder, root: ., images: "images/{split}/*", classes: [{name: ground}, {name: thing}]}
  train: {transforms: [{type: random_flip}, {type: normalize}]}
  evaluate: {split: train}
  workers: 0
model: {backbone: {type: resnet, depth: 18}, head: {type: fcn, channels: 8}}
train: {steps: 2, batch_size: 2}
)";

class Channels : public PipelineFolder {
 protected:
  Channels() : PipelineFolder(kPipeline) {
    fs::create_directories(folder_ / "images/train");
    fs::create_directories(folder_ / "labels/train");
    for (const char* name : {"a", "b"}) {
      cv::Mat label(32, 32, CV_8U, cv::Scalar(0));
      label.colRange(16, 32).setTo(1);
      cv::imwrite(file(std::string("labels/train/") + name + ".png").string(), label);
    }
  }
  void add_tiff(const std::string& name, uint16_t samples, uint16_t bits, uint16_t planes) const {
    image::testing::TiffFile tiff{.width = 32,
                                  .height = 32,
                                  .bits = bits,
                                  .samples = samples,
                                  .photometric = PHOTOMETRIC_MINISBLACK,
                                  .planes = planes};
    tiff.pixels = image::testing::noise(size_t{32} * 32 * samples * bits / 8);
    image::testing::write_tiff(file("images/train/" + name + ".tif"), tiff);
  }
  void add_rgba(const std::string& name) const {
    bridge::testing::PngFile png{32, 32, 8, PNG_COLOR_TYPE_RGBA};
    png.rows = image::testing::noise(4 * 32 * 32);
    write_png(file("images/train/" + name + ".png"), png);
  }
  static std::vector<std::string> with(int channels) {
    std::string numbers = "1";
    for (int i = 1; i < channels; ++i) numbers += ", 1";
    const std::string transforms = "[{type: normalize, mean: [" + numbers + "], std: [" + numbers + "]}]";
    return {"--set", "data.channels=" + std::to_string(channels), "--set", "data.train.transforms=" + transforms,
            "--set", "data.evaluate.transforms=" + transforms};
  }
  Outcome sshost(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) const {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  void expect_trained_and_predicted(const std::string& ending, int channels) const {
    const Outcome trained = sshost({"run", "p.yaml"}, with(channels));
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_TRUE(fs::exists(file("run/report.html")));
    const std::string checkpoint = file("run/checkpoints/step-000002.safetensors").string();
    const Outcome predicted = sshost({"predict", "images/train/a" + ending, "--checkpoint", checkpoint, "--output",
                                      "out", "--format", "index,overlay"});
    EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
    EXPECT_EQ(cv::imread(file("out/a.index.png").string()).size(), cv::Size(32, 32));
    const Outcome shown = sshost({"data", "preview", "p.yaml"}, with(channels));
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_FALSE(cv::imread(file("preview.png").string()).empty());
    const Outcome examined = sshost({"data", "doctor", "p.yaml"}, with(channels));
    EXPECT_THAT(examined.out, HasSubstr("2 of 2 samples read"));
    EXPECT_EQ(sshost({"plan", "p.yaml", "--size", "32", "32"}, with(channels)).exit_code, 0);
  }
};

TEST_F(Channels, OfMultispectralTiffsReachTheMask) {
  add_tiff("a", 6, 16, PLANARCONFIG_CONTIG);
  add_tiff("b", 6, 16, PLANARCONFIG_SEPARATE);
  expect_trained_and_predicted(".tif", 6);
}

TEST_F(Channels, OfGreyImagesReachTheMask) {
  add_tiff("a", 1, 8, PLANARCONFIG_CONTIG);
  add_tiff("b", 1, 8, PLANARCONFIG_CONTIG);
  expect_trained_and_predicted(".tif", 1);
}

TEST_F(Channels, OfRgbWithDepthReachTheMask) {
  add_rgba("a");
  add_rgba("b");
  expect_trained_and_predicted(".png", 4);
}

TEST_F(Channels, ThatDifferFromTheFilesAreAnErrorWithBothNumbers) {
  add_rgba("a");
  add_rgba("b");
  const Outcome outcome = sshost({"run", "p.yaml"}, with(6));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(".png"), HasSubstr("expected an image of 6 channels"),
                                 HasSubstr("data.channels"), HasSubstr("found 4")));
}

TEST_F(Channels, FitTheTransformsOrAreAMistakeOfThePipeline) {
  const Outcome numbers = sshost({"validate", "p.yaml", "--set", "data.channels=4"});
  EXPECT_EQ(numbers.exit_code, 2);
  EXPECT_THAT(numbers.err,
              AllOf(HasSubstr("data.train.transforms.1.mean"), HasSubstr("expected 4 numbers"), HasSubstr("found 3")));
  std::vector<std::string> colours = with(4);
  colours[3] = "data.train.transforms=[{type: photometric_distortion}]";
  const Outcome distorted = sshost({"validate", "p.yaml"}, colours);
  EXPECT_EQ(distorted.exit_code, 2);
  EXPECT_THAT(distorted.err, AllOf(HasSubstr("photometric_distortion"), HasSubstr("data.channels is 4")));
}

TEST_F(Channels, OfPublishedWeightsAreFittedWhereAsked) {
  add_tiff("a", 1, 8, PLANARCONFIG_CONTIG);
  add_tiff("b", 1, 8, PLANARCONFIG_CONTIG);
  const Outcome rgb = sshost({"run", "p.yaml", "--set", "output=rgb"});  // grey files are RGB too
  ASSERT_EQ(rgb.exit_code, 0) << rgb.err;
  const std::string weights = file("rgb/checkpoints/step-000002.safetensors").string();
  std::vector<std::string> plain = with(1);
  plain.insert(plain.end(), {"--set", "model.backbone.weights={path: " + weights + "}"});
  const Outcome refused = sshost({"run", "p.yaml"}, plain);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("The file is for RGB"), HasSubstr("adapt_input")));
  std::vector<std::string> fitted = with(1);
  fitted.insert(fitted.end(), {"--set", "model.backbone.weights={path: " + weights + ", adapt_input: true}"});
  const Outcome accepted = sshost({"run", "p.yaml"}, fitted);
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_THAT(accepted.out + accepted.err, HasSubstr("fitted to the images' channels"));
}

}  // namespace
}  // namespace sshost::cli
