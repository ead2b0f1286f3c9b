#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "datasets/support.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Rows of digits; '.' is the ignored label.
std::vector<std::string> rows_of(const cv::Mat& label) {
  std::vector<std::string> rows;
  for (int y = 0; y < label.rows; ++y) {
    std::string row;
    for (int x = 0; x < label.cols; ++x) {
      const int32_t value = label.at<int32_t>(y, x);
      row += value == 255 ? '.' : static_cast<char>('0' + value);
    }
    rows.push_back(row);
  }
  return rows;
}

class Coco : public testing::Test {
 protected:
  void add_image(int height, int width, const std::string& name = "train/a.jpg") const {
    write_image(folder_, name, cv::Mat(height, width, CV_8UC3, cv::Scalar(30, 20, 10)));
  }
  // Categories 7 cat and 3 dog; one image of this size.
  void write(int height, int width, const std::string& annotations) const {
    add_image(height, width);
    write_json("annotations/instances_train.json",
               R"({"images": [{"id": 5, "file_name": "a.jpg", "height": )" + std::to_string(height) + ", \"width\": " +
                   std::to_string(width) + "}], \"annotations\": [" + annotations + "], " + kCategories + "}");
  }
  void write_json(const std::string& name, const std::string& text) const { write_text(folder_, name, text); }
  static std::string region(int category, const std::string& segmentation, int crowd = 0) {
    return R"({"id": 1, "image_id": 5, "category_id": )" + std::to_string(category) +
           ", \"iscrowd\": " + std::to_string(crowd) + ", \"segmentation\": " + segmentation + "}";
  }
  std::vector<std::string> label(const std::string& options = "") const {
    return rows_of(read_one(*open(options), 0).label);
  }
  std::unique_ptr<Dataset> open(const std::string& options = "", const std::string& split = "train") const {
    return open_dataset("coco", "{root: ." + options + "}", split, folder_.path());
  }
  std::string error(const std::string& options = "") const {
    return dataset_error("coco", "{root: ." + options + "}", "train", folder_.path());
  }

  static constexpr const char* kCategories = R"("categories": [{"id": 7, "name": "cat"}, {"id": 3, "name": "dog"}])";
  test::TempFolder folder_;
};

// The masks are those of pycocotools 2.0.11 for the same polygons.
TEST_F(Coco, FillsPolygonsAsItsReferenceDoes) {
  write(6, 8, region(3, "[[1.0, 1.0, 6.0, 1.0, 6.0, 4.0, 1.0, 4.0]]"));
  EXPECT_THAT(label(), ElementsAre("00000000", "01111100", "01111100", "01111100", "00000000", "00000000"));
  write(7, 9, region(3, "[[1.3, 0.6, 7.9, 3.2, 4.4, 5.7]]"));
  EXPECT_THAT(label(),
              ElementsAre("000000000", "001100000", "000111000", "000111100", "000011000", "000010000", "000000000"));
}

TEST_F(Coco, CutsPolygonsOffAtTheBorder) {
  write(7, 10, region(3, "[[-2, -2, 4.5, 3, 12, 1, 12, 9, 3, 6.2]]"));
  EXPECT_THAT(label(), ElementsAre("1000000000", "1110000000", "0111001111", "0111111111", "0011111111", "0001111111",
                                   "0000111111"));
}

TEST_F(Coco, ConcaveAndEmptyPolygons) {
  write(6, 7, region(3, "[[0.5, 0.5, 5.5, 0.5, 5.5, 4.5, 3, 2, 0.5, 4.5]]"));
  EXPECT_THAT(label(), ElementsAre("0000000", "0111110", "0100110", "0100010", "0000000", "0000000"));
  write(2, 3, region(3, "[[2, 2, 2, 2, 2, 2]]"));
  EXPECT_THAT(label(), ElementsAre("000", "000"));
}

TEST_F(Coco, AnObjectMayHaveSeveralParts) {
  write(2, 6, region(3, "[[0, 0, 2, 0, 2, 2, 0, 2], [4, 0, 6, 0, 6, 2, 4, 2]]"));
  EXPECT_THAT(label(), ElementsAre("110011", "110011"));
}

TEST_F(Coco, ReadsRunLengths) {
  write(3, 3, region(7, R"({"size": [3, 3], "counts": [2, 3, 1, 1, 2]})"));
  EXPECT_THAT(label(), ElementsAre("022", "020", "200")) << "one column behind the other";
}

TEST_F(Coco, ReadsCompressedRunLengths) {
  write(6, 8, region(3, R"({"size": [6, 8], "counts": "7330000000;"})"));
  EXPECT_THAT(label(), ElementsAre("00000000", "01111100", "01111100", "01111100", "00000000", "00000000"));
}

TEST_F(Coco, CrowdsAreIgnoredUnlessTheyAreAClass) {
  write(2, 2, region(3, R"({"size": [2, 2], "counts": [0, 2, 2]})", 1));
  EXPECT_THAT(label(), ElementsAre(".0", ".0"));
  EXPECT_THAT(label(", crowd: class"), ElementsAre("10", "10"));
}

TEST_F(Coco, WhatIsSmallerLiesBeforeWhatIsLarger) {
  const std::string small = region(3, "[[0, 0, 1, 0, 1, 1, 0, 1]]"), large = region(7, "[[0, 0, 3, 0, 3, 2, 0, 2]]");
  write(2, 3, small + "," + large);
  EXPECT_THAT(label(), ElementsAre("122", "222"));
}

TEST_F(Coco, CategoriesAreClassesBehindABackgroundInTheOrderOfTheirIds) {
  write(1, 1, "");
  const auto classes = open()->info().classes;
  ASSERT_EQ(classes.size(), 3U);
  EXPECT_EQ(classes[0].name, "background");
  EXPECT_EQ(classes[1].name, "dog");
  EXPECT_EQ(classes[2].name, "cat");
}

TEST_F(Coco, ClassesMayBeChosen) {
  write(1, 2, region(7, "[[0, 0, 1, 0, 1, 1, 0, 1]]") + "," + region(3, "[[1, 0, 2, 0, 2, 1, 1, 1]]"));
  EXPECT_THAT(label(", classes: [cat]"), ElementsAre("10"));
  EXPECT_THAT(label(", classes: [cat], others: ignore"), ElementsAre("1."));
  EXPECT_THAT(label(", classes: [cat, background]"), ElementsAre("01"));
  EXPECT_THAT(label(", classes: [cat, dog], background: null"), ElementsAre("01"));
}

TEST_F(Coco, OneFileMayBeDivided) {
  std::string images;
  for (int id = 0; id < 40; ++id) {
    const std::string name = "p" + std::to_string(id) + ".jpg";
    add_image(2, 2, "photos/" + name);
    images += (id == 0 ? "" : ", ") + (R"({"id": )" + std::to_string(id)) + R"(, "file_name": ")" + name +
              R"(", "height": 2, "width": 2})";
  }
  write_json("all.json", R"({"images": [)" + images + R"(], "annotations": [], )" + kCategories + "}");
  const std::string options = ", annotations: all.json, images: photos, split: {val: 0.25}";
  const int64_t train = open(options)->size(), val = open(options, "val")->size();
  EXPECT_EQ(train + val, 40);
  EXPECT_GT(val, 2);
}

TEST_F(Coco, SaysWhatIsWrongWithAFile) {
  EXPECT_THAT(error(), AllOf(HasSubstr("annotations/instances_train.json"), HasSubstr("cannot be opened")));
  write(2, 2, region(9, "[[0, 0, 1, 0, 1, 1]]"));
  EXPECT_THAT(error(), AllOf(HasSubstr("category 9"), HasSubstr("instances_train.json")));
  write(2, 2, region(3, "[[0, 0, 1, 0]]"));
  EXPECT_THAT(error(), HasSubstr("at least three corners"));
  write(2, 2, region(3, R"({"size": [2, 2], "counts": [3, 9]})"));
  EXPECT_THAT(error(), HasSubstr("longer than the image"));
  write(2, 2, region(3, R"({"size": [2, 2], "counts": "\u0001"})"));
  EXPECT_THAT(error(), HasSubstr("broken"));
  write_json("annotations/instances_train.json", R"({"images": [{"id": 1)");
  EXPECT_THAT(error(), HasSubstr("instances_train.json"));
  write_json("annotations/instances_train.json", std::string(100000, '['));
  EXPECT_THAT(error(), HasSubstr("nested too deeply"));
  write(2, 2, "");
  add_image(3, 2);
  EXPECT_THAT(error(), AllOf(HasSubstr("{height: 2, width: 2}"), HasSubstr("{height: 3, width: 2}")));
  std::filesystem::remove(folder_ / "train/a.jpg");
  EXPECT_THAT(error(), AllOf(HasSubstr("not there, 1 of 1"), HasSubstr("train/a.jpg")));
  std::filesystem::remove(folder_ / "annotations/instances_train.json");
  ASSERT_EQ(mkfifo((folder_ / "annotations/instances_train.json").c_str(), 0600), 0);
  EXPECT_THAT(error(), HasSubstr("instances_train.json: is not a regular file"));
}

class Labelme : public Coco {
 protected:
  static constexpr const char* kClasses = ", classes: [cat, dog]";

  void draw(const std::string& shapes, const std::string& image = "a.jpg") const {
    add_image(4, 6);
    write_json("train/a.json", R"({"version": "5.0", "shapes": [)" + shapes + R"(], "imagePath": ")" + image +
                                   R"(", "imageData": "AAAA", "imageHeight": 4, "imageWidth": 6})");
  }
  static std::string shape(const std::string& label, const std::string& points, const std::string& type = "polygon") {
    return R"({"label": ")" + label + R"(", "points": )" + points + R"(, "shape_type": ")" + type + "\"}";
  }
  std::vector<std::string> label(const std::string& options = kClasses) const {
    return rows_of(read_one(*open_dataset("labelme", "{root: ." + options + "}", "train", folder_.path()), 0).label);
  }
  std::string error(const std::string& options = kClasses) const {
    return dataset_error("labelme", "{root: ." + options + "}", "train", folder_.path());
  }
};

TEST_F(Labelme, PaintsAreasInTheOrderInWhichTheyWereDrawn) {
  draw(shape("cat", "[[0, 0], [4, 0], [4, 3], [0, 3]]") + "," + shape("dog", "[[1, 1], [6, 4]]", "rectangle"));
  EXPECT_THAT(label(), ElementsAre("111100", "122222", "122222", "022222"));
}

TEST_F(Labelme, CirclesCoverAnAreaAndPointsDoNot) {
  draw(shape("cat", "[[3, 2], [3, 0]]", "circle") + "," + shape("dog", "[[0, 0]]", "point"));
  EXPECT_THAT(label(), ElementsAre("001100", "011110", "011110", "001100"));
}

TEST_F(Labelme, LabelsThatAreNoClassStopOrAreWhatOthersSays) {
  draw(shape("cow", "[[0, 0], [3, 0], [3, 4], [0, 4]]") + "," +
       shape("__ignore__", "[[3, 0], [4, 0], [4, 4], [3, 4]]"));
  EXPECT_THAT(error(), AllOf(HasSubstr("\"cow\""), HasSubstr("train/a.json")));
  EXPECT_THAT(label(", others: background, classes: [cat]")[0], "000.00");
  EXPECT_THAT(label(", others: ignore, classes: [cat]")[0], "....00");
}

TEST_F(Labelme, TheImageIsWhereTheFileSaysAlsoAsWindowsWritesIt) {
  draw("", "..\\\\photos\\\\b.jpg");
  EXPECT_THAT(error(), HasSubstr("photos/b.jpg"));
  add_image(4, 6, "photos/b.jpg");
  EXPECT_EQ(error(), "");
}

TEST_F(Labelme, SaysWhatIsWrongWithAFile) {
  draw(shape("cat", "[[0, 0], [1, 1]]"));
  EXPECT_THAT(error(), AllOf(HasSubstr("train/a.json: shape 1"), HasSubstr("polygon of 2 points")));
  draw(shape("cat", "[[0, 0], [1, 1]]", "mask"));
  EXPECT_THAT(error(), HasSubstr("\"mask\", which is not read here"));
  draw(R"({"points": []})");
  EXPECT_THAT(error(), HasSubstr("train/a.json: shape 1"));
  draw("");
  add_image(8, 6);
  EXPECT_THAT(error(), AllOf(HasSubstr("{height: 4, width: 6}"), HasSubstr("{height: 8, width: 6}")));
  write_json("train/a.json", "{}");
  EXPECT_THAT(error(), HasSubstr("no file of labelme"));
  write_json("train/a.json", "{");
  EXPECT_THAT(error(), HasSubstr("is no JSON"));
}

TEST_F(Coco, AnnotationsThatAreNoRegularFileAreRefused) {
  write(2, 2, region(7, "[[0, 0, 2, 0, 2, 2]]"));
  const std::filesystem::path path = folder_ / "annotations/instances_train.json";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
  EXPECT_THAT(error(), HasSubstr("expected a regular file"));
}

}  // namespace
}  // namespace sshost::data
