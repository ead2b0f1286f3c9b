#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/support.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kClasses = "classes: [{name: road}, {name: left arm, mirrored: right arm}, {name: right arm}]";

class Folder : public testing::Test {
 protected:
  void add_image(const std::string& name) const {
    write_image(folder_, name, cv::Mat(4, 6, CV_8UC3, cv::Scalar(30, 20, 10)));
  }
  void add_label(const std::string& name, const cv::Mat& label = cv::Mat(4, 6, CV_8U, cv::Scalar(1))) const {
    write_image(folder_, name, label);
  }
  void add_pair(const std::string& name) const {
    add_image("images/train/" + name + ".jpg");
    add_label("labels/train/" + name + ".png");
  }
  std::unique_ptr<Dataset> open(const std::string& options = "", const std::string& split = "train") const {
    return open_dataset("folder", "{root: ., " + kClasses + options + "}", split, folder_.path());
  }
  std::string error(const std::string& options = "", const std::string& split = "train") const {
    return dataset_error("folder", "{root: ., " + kClasses + options + "}", split, folder_.path());
  }

  test::TempFolder folder_;
};

TEST_F(Folder, PairsByStemInOrder) {
  add_pair("b");
  add_pair("a");
  write_text(folder_, "images/train/notes.txt", "no image");
  write_text(folder_, "images/train/._a.jpg", "left behind by a file manager");
  const auto dataset = open();
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->describe(0).id, "a");
  EXPECT_EQ(dataset->describe(1).label_path, (folder_.path() / "labels/train/b.png").string());
  EXPECT_EQ(read_one(*dataset, 1).label.at<int32_t>(0, 0), 1);
}

TEST_F(Folder, ListsEveryFileWithoutAPartner) {
  add_pair("a");
  add_image("images/train/lonely.jpg");
  add_label("labels/train/alone.png");
  const std::string message = error();
  EXPECT_THAT(message, AllOf(HasSubstr("images/train/lonely.jpg has no label"),
                             HasSubstr("labels/train/alone.png has no image"), Not(HasSubstr("a.jpg"))));
}

TEST_F(Folder, SkipsFilesWithoutAPartnerWhereItIsTold) {
  add_pair("a");
  add_image("images/train/lonely.jpg");
  add_label("labels/train/alone.png");
  const auto dataset = open(", unpaired: skip");
  ASSERT_EQ(dataset->size(), 1);
  EXPECT_EQ(dataset->describe(0).id, "a");
}

TEST_F(Folder, HasNoSamplesWhereNoFileHasAPartner) {
  add_image("images/train/lonely.jpg");
  add_label("labels/train/alone.png");
  EXPECT_THAT(error(", unpaired: skip"), HasSubstr("lonely.jpg has no label"));
}

TEST_F(Folder, ListsAtMostTwenty) {
  add_pair("a");
  for (int index = 0; index < 25; ++index) add_image("images/train/x" + std::to_string(index) + ".jpg");
  EXPECT_THAT(error(), HasSubstr("and 5 more"));
}

TEST_F(Folder, NamesThePatternThatFindsNothing) {
  add_pair("a");
  EXPECT_THAT(error("", "val"), HasSubstr("no file matches " + (folder_.path() / "images/val/*.jpg").string()));
}

TEST_F(Folder, StarsReachIntoFolders) {
  add_image("left/train/rome/rome_1_left.png");
  add_label("gt/train/rome/rome_1_ids.png");
  const auto dataset = open(", images: 'left/{split}/*/*_left.png', labels: 'gt/{split}/*/*_ids.png'");
  ASSERT_EQ(dataset->size(), 1);
  EXPECT_EQ(dataset->describe(0).id, "rome/rome_1");
}

TEST_F(Folder, WithoutLabelsGivesImagesAlone) {
  add_image("images/train/a.jpg");
  const auto dataset = open(", labels: null");
  EXPECT_TRUE(read_one(*dataset, 0).label.empty());
}

TEST_F(Folder, MapsLabelsAndIgnoresTheOthers) {
  add_image("images/train/a.jpg");
  cv::Mat label(4, 6, CV_8U, cv::Scalar(7));
  label.row(1).setTo(8);
  label.row(2).setTo(9);
  add_label("labels/train/a.png", label);
  const cv::Mat read = read_one(*open(", label_map: {7: 0, 8: 2}, ignore_index: -1"), 0).label;
  EXPECT_EQ(read.at<int32_t>(0, 0), 0);
  EXPECT_EQ(read.at<int32_t>(1, 0), 2);
  EXPECT_EQ(read.at<int32_t>(2, 0), -1);
}

TEST_F(Folder, RefusesALabelMapThatLeavesTheClasses) {
  add_pair("a");
  EXPECT_THAT(error(", label_map: {7: 3}"), AllOf(HasSubstr("7 maps to 3"), HasSubstr("0..2")));
  EXPECT_THAT(error(", label_map: {seven: 1}"), HasSubstr("\"seven\" is no label"));
}

TEST_F(Folder, ALabelOutsideTheClassesIsAnErrorWithItsPlace) {
  add_image("images/train/a.jpg");
  cv::Mat label(4, 6, CV_8U, cv::Scalar(1));
  label.at<uint8_t>(2, 5) = 77;
  add_label("labels/train/a.png", label);
  EXPECT_THAT(error(), AllOf(HasSubstr("labels/train/a.png: 77 at row 2, column 5"), HasSubstr("0..2")));
}

TEST_F(Folder, ColoursAreReadOrChosenAndPairsMirrorBothWays) {
  add_pair("a");
  const auto dataset =
      open_dataset("folder", "{root: ., classes: [{name: a, color: '#0a14ff'}, {name: b, mirrored: c}, {name: c}]}",
                   "train", folder_.path());
  const auto& classes = dataset->info().classes;
  EXPECT_EQ(classes[0].color, (std::array<uint8_t, 3>{10, 20, 255}));
  EXPECT_NE(classes[1].color, classes[2].color);
  EXPECT_EQ(classes[1].mirrored, 2);
  EXPECT_EQ(classes[2].mirrored, 1);
}

TEST_F(Folder, ReadsLabelsThatArePicturesInTheClassesColours) {
  add_image("images/train/a.jpg");
  cv::Mat picture(4, 6, CV_8UC3, cv::Scalar(255, 20, 10));  // BGR
  picture.row(1).setTo(cv::Scalar(0, 0, 128));
  picture.row(2).setTo(cv::Scalar(9, 9, 9));
  add_label("labels/train/a.png", picture);
  const std::string classes = "classes: [{name: a, color: '#800000'}, {name: b, color: '#0a14ff'}]";
  const auto dataset =
      open_dataset("folder", "{root: ., label_colors: true, " + classes + "}", "train", folder_.path());
  const cv::Mat read = read_one(*dataset, 0).label;
  EXPECT_EQ(read.at<int32_t>(0, 0), 1);
  EXPECT_EQ(read.at<int32_t>(1, 0), 0);
  EXPECT_EQ(read.at<int32_t>(2, 0), 255);
  EXPECT_THAT(dataset_error("folder", "{root: ., label_colors: true, classes: [{name: a}]}", "train", folder_.path()),
              HasSubstr("class \"a\" has no color"));
}

TEST_F(Folder, RefusesColoursAndPairsThatAreNone) {
  add_pair("a");
  EXPECT_THAT(dataset_error("folder", "{root: ., classes: [{name: a, color: red}]}", "train", folder_.path()),
              AllOf(HasSubstr("\"red\""), HasSubstr("#rrggbb")));
  EXPECT_THAT(dataset_error("folder", "{root: ., classes: [{name: a, mirrored: z}]}", "train", folder_.path()),
              HasSubstr("no class \"z\""));
}

}  // namespace
}  // namespace sshost::data
