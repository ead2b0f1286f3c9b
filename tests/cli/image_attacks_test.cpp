// Images and labels that strangers made: whatever their names say, nothing else is opened, and the rest goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <opencv2/imgcodecs.hpp>

#include "bridge/png_file.h"
#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: folder, root: ., images: "images/{split}/*.png", classes: [{name: ground}, {name: thing}]}
  train: {transforms: [{type: normalize}]}
  evaluate: {split: train}
  workers: 0
model: {backbone: {type: "null"}, head: {type: "null"}}
train: {steps: 1, batch_size: 1}
)";

class Attacks : public PipelineFolder {
 protected:
  Attacks() : PipelineFolder(kPipeline, kNullLibraries) {
    fs::create_directories(folder_ / "images/train");
    fs::create_directories(folder_ / "labels/train");
    cv::imwrite(file("images/train/a.png").string(), cv::Mat(16, 16, CV_8UC3, cv::Scalar(90, 120, 150)));
    cv::imwrite(file("labels/train/a.png").string(), cv::Mat(16, 16, CV_8U, cv::Scalar(1)));
    cv::imwrite(file("secret.png").string(), cv::Mat(8, 8, CV_8UC3, cv::Scalar::all(77)));
  }

  // What GDAL, behind OpenCV's decoders, opens as a picture of other files or of an address.
  std::string description(const std::string& kind) const {
    std::string text =
        kind == "VRT" ? R"(<VRTDataset rasterXSize="8" rasterYSize="8"><VRTRasterBand dataType="Byte" band="1">)" +
                            std::string("<SimpleSource><SourceFilename>") + file("secret.png").string() +
                            "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
                      : "<GDAL_WMS><Service name=\"TiledWMS\"><ServerUrl>http://127.0.0.1:9/?</ServerUrl></Service>"
                        "<Cache><Path>" +
                            file("written").string() + "</Path></Cache></GDAL_WMS>";
    text.insert(text.find('>'), std::string(200, ' '));
    text.replace(140, 4, "DTED");
    return text;
  }

  Outcome predict(const std::string& image, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "predict",  image, "--pipeline", "p.yaml", "--checkpoint", "run/checkpoints/step-000001.safetensors",
        "--output", "out", "--format",   "overlay"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Attacks, ADescriptionNamedLikeAPhotographOpensNothing) {
  ASSERT_EQ(run({"run", "p.yaml"}).exit_code, 0);
  for (const char* kind : {"VRT", "WMS"}) {
    test::write_bytes(file("photo.png"), description(kind));
    const Outcome outcome = predict("photo.png");
    EXPECT_EQ(outcome.exit_code, 1) << kind;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("photo.png"), HasSubstr("it is XML or HTML")));
    EXPECT_FALSE(fs::exists(file("out/photo.overlay.jpg")));
    EXPECT_FALSE(fs::exists(file("written")));
  }
}

TEST_F(Attacks, ADescriptionAsAnImageOrALabelOfTheDataSetOpensNothing) {
  for (const char* name : {"images/train/a.png", "labels/train/a.png"}) {
    const std::string original = test::read_bytes(file(name));
    test::write_bytes(file(name), description("VRT"));
    const Outcome trained =
        run({"run", "p.yaml", "--set", "output=" + file(std::string("run-of-") + name[0]).string()});
    EXPECT_EQ(trained.exit_code, 1) << name;
    EXPECT_THAT(trained.err, AllOf(HasSubstr(name), HasSubstr("it is XML or HTML")));
    const Outcome examined = run({"data", "doctor", "p.yaml"});
    EXPECT_EQ(examined.exit_code, 1) << name;
    EXPECT_THAT(examined.out, AllOf(HasSubstr(name), HasSubstr("cannot be read")));
    test::write_bytes(file(name), original);
  }
}

TEST_F(Attacks, ABombOrAnEndlessFileIsOneBrokenImageOfMany) {
  ASSERT_EQ(run({"run", "p.yaml"}).exit_code, 0);
  fs::create_directories(file("many"));
  fs::copy_file(file("secret.png"), file("many/good.png"));
  bridge::testing::PngFile bomb{8000, 8000, 1, PNG_COLOR_TYPE_GRAY};
  bomb.rows.resize(size_t{1000} * 8000);
  write_png(file("many/bomb.png"), bomb);
  test::write_bytes(file("many/endless.png"), test::read_bytes(file("secret.png")).substr(0, 33));
  ASSERT_EQ(truncate(file("many/endless.png").c_str(), off_t{1} << 33), 0);
  const Outcome outcome = predict("many", {"--set", "data.on_broken_sample=skip"});
  EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("bomb.png"), HasSubstr("endless.png")));
  EXPECT_FALSE(cv::imread(file("out/good.overlay.jpg").string()).empty());
  EXPECT_LT(outcome.peak_kib, 1024 * 1024);
}

TEST_F(Attacks, DamageThatCanBeDecodedIsToldAndWhereAskedRefused) {
  cv::Mat picture(64, 64, CV_8UC3);
  cv::randu(picture, 0, 255);
  std::vector<uint8_t> jpeg;
  cv::imencode(".jpg", picture, jpeg);
  jpeg.resize(jpeg.size() / 2);  // cut, and closed again
  jpeg.insert(jpeg.end(), {0xFF, 0xD9});
  fs::remove(file("images/train/a.png"));
  test::write_bytes(file("images/train/a.jpg"), {jpeg.begin(), jpeg.end()});
  cv::imwrite(file("labels/train/a.png").string(), cv::Mat(64, 64, CV_8U, cv::Scalar(1)));
  const std::string photographs = "data.dataset.images=images/{split}/*.jpg";
  const Outcome lenient = run({"data", "doctor", "p.yaml", "--set", photographs});
  EXPECT_THAT(lenient.out, AllOf(HasSubstr("1 files are damaged"), HasSubstr("a.jpg"), HasSubstr("strict_images")));
  EXPECT_THAT(lenient.out, Not(HasSubstr("cannot be read")));
  EXPECT_EQ(run({"run", "p.yaml", "--set", photographs}).exit_code, 0);
  const Outcome strict = run({"data", "doctor", "p.yaml", "--set", photographs, "--set", "data.strict_images=true"});
  EXPECT_THAT(strict.out, AllOf(HasSubstr("1 samples cannot be read"), HasSubstr("a.jpg")));
  const Outcome trained =
      run({"run", "p.yaml", "--set", photographs, "--set", "data.strict_images=true", "--set", "output=other"});
  EXPECT_EQ(trained.exit_code, 1);
  EXPECT_THAT(trained.err, AllOf(HasSubstr("Corrupt JPEG data"), HasSubstr("data.strict_images")));
  const Outcome predicted = predict("images/train/a.jpg", {"--set", "data.strict_images=true"});
  EXPECT_EQ(predicted.exit_code, 1);
  EXPECT_THAT(predicted.out, HasSubstr("data.strict_images"));

  cv::imwrite(file("b.png").string(), picture);
  std::string png = test::read_bytes(file("b.png"));
  png.insert(33, std::string("\0\0\0\4tEXtabcd\1\2\3\4", 16));  // with a wrong check sum
  test::write_bytes(file("b.png"), png);
  const std::vector<std::string> by_rows = {"--stream",
                                            "--set",
                                            "evaluate.mode=slide",
                                            "--set",
                                            "evaluate.crop_size={height: 32, width: 32}",
                                            "--set",
                                            "evaluate.stride={height: 32, width: 32}",
                                            "--set",
                                            "data.evaluate.transforms=[{type: normalize}]"};
  const Outcome taken = predict("b.png", by_rows);
  EXPECT_EQ(taken.exit_code, 0) << taken.out << taken.err;
  fs::remove(file("out/b.overlay.png"));
  std::vector<std::string> strictly = by_rows;
  strictly.insert(strictly.end(), {"--set", "data.strict_images=true"});
  const Outcome refused = predict("b.png", strictly);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("CRC"), HasSubstr("data.strict_images")));
  EXPECT_FALSE(fs::exists(file("out/b.overlay.png")));
}

}  // namespace
}  // namespace sshost::cli
