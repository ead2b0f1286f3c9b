// What splits have to be beside each other: of one list of classes, and of different pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kTail = R"(
  workers: 0
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model: {backbone: {type: "null"}, head: {type: "null"}}
train: {steps: 1, batch_size: 2}
)";

class Splits : public PipelineFolder {
 protected:
  Splits() : PipelineFolder("", kNullLibraries) {}

  // Two pictures of 8 x 8, of random pixels unless `same`.
  void add_pictures(const std::string& folder, bool same, const std::string& prefix) const {
    fs::create_directories(folder_ / folder);
    for (int i = 0; i < 2; ++i) {
      cv::Mat picture(8, 8, CV_8UC3, cv::Scalar::all(40 * i));
      if (!same) cv::randu(picture, cv::Scalar::all(0), cv::Scalar::all(255));
      cv::imwrite((folder_ / folder / (prefix + std::to_string(i) + ".png")).string(), picture);
    }
  }
  void add_coco(const std::string& split, const std::string& categories) const {
    add_pictures(split, false, "p");
    std::string images, regions;
    for (int i = 0; i < 2; ++i) {
      const std::string id = std::to_string(i), comma = i == 0 ? "" : ", ";
      images += comma + R"({"id": )" + id + R"(, "file_name": "p)" + id + R"(.png", "height": 8, "width": 8})";
      for (const char* category : {"1", "2"}) {
        regions += (regions.empty() ? "" : ", ") + (R"({"image_id": )" + id) + R"(, "category_id": )" + category +
                   R"(, "segmentation": [[0, 0, )" + category + R"(, 0, 4, 4, 0, 4]]})";
      }
    }
    fs::create_directories(folder_ / "annotations");
    test::write_bytes(
        file("annotations/instances_" + split + ".json"),
        R"({"images": [)" + images + R"(], "annotations": [)" + regions + R"(], "categories": [)" + categories + "]}");
  }
};

TEST_F(Splits, WhoseCategoriesAreNumberedInAnotherWayAreNeverScoredCrosswise) {
  add_coco("train", R"({"id": 1, "name": "road"}, {"id": 2, "name": "car"})");
  add_coco("val", R"({"id": 1, "name": "car"}, {"id": 2, "name": "road"})");
  test::write_bytes(file("p.yaml"), std::string("data:\n  dataset: {type: coco, root: .}") + kTail);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"validate", "p.yaml"},
                                                  {"run", "p.yaml", "--output", "r"},
                                                  {"data", "doctor", "p.yaml"}}) {
    const Outcome outcome = run(command);
    EXPECT_NE(outcome.exit_code, 0) << command.front();
    EXPECT_THAT(outcome.out + outcome.err,
                AllOf(HasSubstr("[background, road, car]"), HasSubstr("[background, car, road]")));
  }
  test::write_bytes(file("p.yaml"),
                    std::string("data:\n  dataset: {type: coco, root: ., classes: [road, car]}") + kTail);
  EXPECT_EQ(run({"validate", "p.yaml"}).exit_code, 0);
}

TEST_F(Splits, TheDoctorFindsPicturesThatAreInBothUnderOtherNames) {
  for (const std::string split : {"train", "val"}) {
    add_pictures("images/" + split, true, split == "train" ? "a" : "b");
    fs::create_directories(folder_ / ("labels/" + split));
    for (int i = 0; i < 2; ++i) {
      cv::Mat label(8, 8, CV_8U, cv::Scalar(0));
      label.rowRange(4, 8).setTo(1);
      const std::string name = (split == "train" ? "a" : "b") + std::to_string(i) + ".png";
      cv::imwrite((folder_ / ("labels/" + split) / name).string(), label);
    }
  }
  test::write_bytes(file("p.yaml"), std::string("data:\n  dataset: {type: folder, root: ., images: 'images/{split}/*', "
                                                "labels: 'labels/{split}/*', classes: [ground, thing]}") +
                                        kTail);
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("2 images are copies of images in split train, byte for byte"),
                                 HasSubstr("images/val/b0.png is "), HasSubstr("images/train/a0.png")));
}

TEST_F(Splits, ThatHaveFewerPicturesThanABatchAreNotValid) {
  add_coco("train", R"({"id": 1, "name": "road"}, {"id": 2, "name": "car"})");
  add_coco("val", R"({"id": 1, "name": "road"}, {"id": 2, "name": "car"})");
  test::write_bytes(file("p.yaml"), std::string("data:\n  dataset: {type: coco, root: .}") + kTail);
  EXPECT_EQ(run({"validate", "p.yaml"}).exit_code, 0);
  const Outcome outcome = run({"validate", "p.yaml", "--set", "train.batch_size=3"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("batch_size"), HasSubstr("expected at most 2")));
}

}  // namespace
}  // namespace sshost::cli
