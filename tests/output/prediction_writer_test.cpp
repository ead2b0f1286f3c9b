#include "output/prediction_writer.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "config/prediction_formats.h"
#include "data/fake_submission.h"
#include "temp_folder.h"

namespace sshost::output {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::TempFolder;
using testing::HasSubstr;

std::vector<data::Class> named(const std::vector<std::string>& names) {
  std::vector<data::Class> classes;
  for (const std::string& name : names) {
    const auto index = static_cast<int64_t>(classes.size());
    classes.push_back({name, {static_cast<uint8_t>(10 * index), 7, 9}, index});
  }
  return classes;
}

// 2 x 3 pixels of three classes.
PredictedImage predicted(const std::string& id) {
  const at::Tensor classes = at::tensor({0, 1, 2, 2, 1, 0}, at::kLong).view({2, 3});
  const at::Tensor scores = at::one_hot(classes, 3).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat) * 4;
  return {id, classes, scores, [] { return cv::Mat(2, 3, CV_8UC3, cv::Scalar(20, 30, 40)); }};
}

class Writer : public testing::Test {
 protected:
  void write(const std::vector<std::string>& formats, const std::string& id,
             const std::vector<data::Class>& classes = named({"road", "sky", "car"})) {
    PredictionWriter writer({out(), formats, classes});
    writer.write(predicted(id));
    writer.finish();
  }
  fs::path out() const { return folder_ / "out"; }
  cv::Mat read(const std::string& name) const { return cv::imread((out() / name).string(), cv::IMREAD_UNCHANGED); }
  static std::vector<int> numbers(const cv::Mat& mask) {
    EXPECT_EQ(mask.type(), CV_8UC1);
    return {mask.begin<uint8_t>(), mask.end<uint8_t>()};
  }

  TempFolder folder_;
};

TEST_F(Writer, EachFormatHasItsFiles) {
  write({"index", "palette", "overlay", "probabilities", "coco"}, "seq/frame");
  EXPECT_EQ(numbers(read("seq/frame.index.png")), (std::vector<int>{0, 1, 2, 2, 1, 0}));
  EXPECT_EQ(read("seq/frame.png").at<cv::Vec3b>(0, 2), cv::Vec3b(9, 7, 20)) << "blue, green, red of the third class";
  EXPECT_EQ(read("seq/frame.overlay.jpg").size(), cv::Size(3, 2));
  EXPECT_TRUE(fs::exists(out() / "seq/frame.npy"));
  EXPECT_TRUE(fs::exists(out() / "coco.json"));
}

TEST_F(Writer, WritesNothingButWhatIsAskedFor) {
  write({"palette"}, "a");
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), fs::directory_iterator()), 1);
}

// softmax of 4, 0, 0 is e^4 / (e^4 + 2).
TEST_F(Writer, ProbabilitiesAreTheSoftmaxOfLogits) {
  write({"probabilities"}, "a");
  const std::string bytes = test::read_bytes(out() / "a.npy");
  EXPECT_THAT(bytes, HasSubstr("(3,2,3,)"));
  float first = 0;
  std::memcpy(&first, bytes.data() + bytes.size() - 18 * sizeof(float), sizeof first);
  EXPECT_NEAR(first, std::exp(4.0) / (std::exp(4.0) + 2), 1e-6);
}

TEST_F(Writer, ProbabilitiesStayWhatTheyAre) {
  PredictionWriter writer({out(), {"probabilities_float16"}, named({"a", "b", "c"}), true});
  writer.write(predicted("a"));
  const std::string bytes = test::read_bytes(out() / "a.npy");
  EXPECT_EQ(bytes.substr(bytes.size() - 36, 4), std::string("\x00\x44\x00\x00", 4)) << "4 and 0";
}

TEST_F(Writer, CocoHasAnElementForEachClassOfEachImage) {
  PredictionWriter writer({out(), {"coco"}, named({"a", "b", "c"})});
  writer.write(predicted("val/COCO_val2014_000000000139"));
  EXPECT_FALSE(fs::exists(out() / "coco.json")) << "before it is complete";
  writer.write(predicted("photo"));
  writer.finish();
  const auto elements = nlohmann::json::parse(test::read_bytes(out() / "coco.json"));
  ASSERT_EQ(elements.size(), 6u);
  EXPECT_EQ(elements[0].at("image_id"), 139);
  EXPECT_EQ(elements[3].at("image_id"), "photo");
  EXPECT_EQ(elements[2].at("category_id"), 2);
  EXPECT_EQ(elements[2].at("segmentation").at("size"), nlohmann::json({2, 3}));
  EXPECT_EQ(elements[2].at("segmentation").at("counts"), "1120O");  // columns 0 2 | 1 1 | 2 0: runs 1 1 2 1 1
}

TEST_F(Writer, WithoutImagesCocoIsAnEmptyList) {
  PredictionWriter({out(), {"coco"}, named({"a"})}).finish();
  EXPECT_EQ(nlohmann::json::parse(test::read_bytes(out() / "coco.json")).size(), 0u);
}

// What a plugin offers: numbers 7, 8, ... of a byte, or of two, in a folder for each sequence.
class SubmissionWriter : public Writer {
 protected:
  SubmissionWriter() {
    layout_.value = [](const std::string& name) -> int32_t {
      if (name == "sea") throw Error("expected no sea");
      return 7 * static_cast<int32_t>(name.size());
    };
    layout_.file_name = [](const std::string& id, const ss_text_sink& sink) {
      if (id == "photo") throw Error("expected a frame");
      return data::put(sink, id + "_ids.png");
    };
  }
  void write(const std::string& id, const std::vector<data::Class>& classes = named({"road", "sky", "a"})) {
    PredictionOptions options{out(), {"pets"}, classes};
    options.submissions = {layout_.offered()};
    PredictionWriter(options).write(predicted(id));
  }
  data::FakeSubmission layout_{"pets"};
};

TEST_F(SubmissionWriter, WritesTheNumbersThatThePluginGives) {
  write("seq/frame");
  EXPECT_EQ(numbers(read("pets/seq/frame_ids.png")), (std::vector<int>{28, 21, 7, 7, 21, 28}));
}

TEST_F(SubmissionWriter, WritesSixteenBitsWhereThePluginWantsThem) {
  layout_.layout.kind = SS_SUBMISSION_PNG16;
  layout_.value = [](const std::string& name) { return static_cast<int32_t>(10000 * name.size()); };
  write("frame");
  const cv::Mat mask = read("pets/frame_ids.png");
  ASSERT_EQ(mask.type(), CV_16UC1);
  EXPECT_EQ(mask.at<uint16_t>(0, 0), 40000);
  EXPECT_EQ(mask.at<uint16_t>(0, 1), 30000);
}

TEST_F(SubmissionWriter, RefusesWhatThePluginRefusesBeforeAnyFile) {
  EXPECT_THAT(message_of<UsageError>([&] { write("photo"); }), HasSubstr("expected a frame"));
  EXPECT_THAT(message_of<UsageError>([&] { write("frame", named({"sky", "sea"})); }), HasSubstr("expected no sea"));
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Writer, RefusesFormatsThatWriteTheSameFiles) {
  EXPECT_THROW(write({"probabilities", "probabilities_float16"}, "a"), UsageError);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Writer, MasksAreOneFileForEachClass) {
  write({"masks"}, "a", named({"road", "sky/blue", "sky blue"}));
  EXPECT_EQ(numbers(read("a.road.mask.png")), (std::vector<int>{255, 0, 0, 0, 0, 255}));
  EXPECT_EQ(numbers(read("a.sky_blue.mask.png")), (std::vector<int>{0, 255, 0, 0, 255, 0}));
  EXPECT_EQ(numbers(read("a.sky_blue_2.mask.png")), (std::vector<int>{0, 0, 255, 255, 0, 0}));
  EXPECT_EQ(files_of({out(), {"masks"}, named({"road", "sky"})}, "b"),
            (std::vector<fs::path>{out() / "b.road.mask.png", out() / "b.sky.mask.png"}));
}

TEST_F(Writer, MasksAndProbabilitiesOfIndependentOutputsMayOverlap) {
  const at::Tensor scores = at::tensor({0.0F, 1.0F, -1.0F, 2.0F, 0.5F, -3.0F}).view({1, 2, 1, 3});
  PredictionWriter writer(
      {out(), {"masks", "probabilities"}, named({"none", "cat", "dog"}), false, named({"cat", "dog"})});
  writer.write({"a", at::zeros({1, 3}, at::kLong), scores, {}, scores.squeeze(0).ge(0)});
  EXPECT_EQ(numbers(read("a.cat.mask.png")), (std::vector<int>{255, 255, 0}));
  EXPECT_EQ(numbers(read("a.dog.mask.png")), (std::vector<int>{255, 255, 0}));
  EXPECT_FALSE(fs::exists(out() / "a.none.mask.png"));
  const std::string bytes = test::read_bytes(out() / "a.npy");
  float first_of_dog = 0;
  std::memcpy(&first_of_dog, bytes.data() + bytes.size() - 3 * sizeof(float), sizeof(float));
  EXPECT_NEAR(first_of_dog, 1 / (1 + std::exp(-2.0)), 1e-6);
}

TEST_F(Writer, KnowsEveryFormatOfThePipelineAndNoOther) {
  ASSERT_EQ(config::prediction_format_names().size(), 7U);
  for (const std::string& format : config::prediction_format_names()) {
    EXPECT_NO_THROW(PredictionWriter({out(), {format}, named({"a", "b"})})) << format;
  }
  EXPECT_THAT(message_of<UsageError>([&] { PredictionWriter({out(), {"pets"}, {}}); }), HasSubstr("pets"));
}

}  // namespace
}  // namespace sshost::output
