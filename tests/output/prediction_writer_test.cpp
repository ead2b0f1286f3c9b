#include "output/prediction_writer.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "bridge/boundary.h"
#include "config/sections.h"
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

TEST_F(Writer, CityscapesHasLabelIdsByTheClassesNames) {
  for (const char* id : {"berlin/berlin_000000_000019", "berlin_000001_000019_leftImg8bit"}) {
    write({"cityscapes"}, id, named({"sky", "road", "bicycle"}));
  }
  EXPECT_EQ(numbers(read("cityscapes/berlin_000000_000019_labelIds.png")), (std::vector<int>{23, 7, 33, 33, 7, 23}));
  EXPECT_TRUE(fs::exists(out() / "cityscapes/berlin_000001_000019_labelIds.png"));
}

TEST_F(Writer, CityscapesRefusesWhatItsServerWouldNotFind) {
  const auto classes = named({"sky", "road", "bicycle"});
  EXPECT_THAT(message_of<UsageError>([&] { write({"cityscapes"}, "photo", classes); }),
              HasSubstr("<city>_<sequence>_<frame>"));
  EXPECT_THAT(message_of<UsageError>([&] {
                write({"cityscapes"}, "a_000000_000001", named({"sky", "sea", "car"}));
              }),
              HasSubstr("\"sea\""));
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Writer, Ade20kCountsFromOne) {
  std::vector<std::string> names(150, "class");
  write({"ade20k"}, "ADE_test_00000001", named(names));
  EXPECT_EQ(numbers(read("ade20k/ADE_test_00000001.png")), (std::vector<int>{1, 2, 3, 3, 2, 1}));
  EXPECT_THAT(message_of<UsageError>([&] { write({"ade20k"}, "a"); }), HasSubstr("150 classes of ADE20K, found 3"));
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

TEST_F(Writer, KnowsEveryFormatOfThePipeline) {
  const auto find = [](const ss_schema& schema, std::string_view name) -> const ss_option* {
    for (uint32_t i = 0; i < schema.option_count; ++i) {
      if (bridge::view(schema.options[i]->name) == name) return schema.options[i];
    }
    return nullptr;
  };
  const ss_option* evaluate = find(config::pipeline_schema().abi(), "evaluate");
  ASSERT_NE(evaluate, nullptr);
  const ss_option* option = find(*evaluate->fields, "prediction_formats");
  ASSERT_NE(option, nullptr);
  ASSERT_GT(option->choice_count, 7u);
  std::vector<std::string> ade20k_names(150, "class");
  for (uint32_t i = 0; i < option->choice_count; ++i) {
    const std::string format(bridge::view(option->choices[i]));
    const auto classes = format == "cityscapes" ? named({"sky"}) : named(ade20k_names);
    EXPECT_NO_THROW(PredictionWriter({out(), {format}, classes})) << format;
  }
}

}  // namespace
}  // namespace sshost::output
