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
  EXPECT_THAT(error(), HasSubstr("instances_train.json: expected a regular file"));
}

TEST_F(Coco, APolygonMayBeOneFlatListOrAListOfPairs) {
  for (const char* polygon : {"[1, 1, 6, 1, 6, 4, 1, 4]", "[[1, 1], [6, 1], [6, 4], [1, 4]]",
                              "[[[1, 1], [6, 1], [6, 4], [1, 4]]]", "[[1, 1, 6, 1, 6, 4, 1, 4]]"}) {
    write(6, 8, region(3, polygon));
    EXPECT_THAT(label(), ElementsAre("00000000", "01111100", "01111100", "01111100", "00000000", "00000000"))
        << polygon;
  }
}

TEST_F(Coco, PolygonsOfTwoCornersCoverNothingAndTheOthersOfTheImageStay) {
  write(2, 3, region(3, "[[0, 0, 2, 0, 2, 2, 0, 2], [1, 2, 3, 4]]") + "," + region(7, "[[0, 0, 1, 1, 1]]"));
  EXPECT_THAT(label(), ElementsAre("110", "110"));
}

TEST_F(Coco, AnnotationsOfABoxAloneAreNoBackground) {
  const std::string box = R"({"id": 1, "image_id": 5, "category_id": 7, "bbox": [1, 0, 2, 1], "segmentation": []})";
  const std::string without = R"({"id": 2, "image_id": 5, "category_id": 7, "bbox": [1, 0, 2, 1]})";
  for (const std::string& each : {box, without}) {
    write(2, 4, region(3, "[[0, 1, 4, 1, 4, 2, 0, 2]]") + "," + each);
    EXPECT_THAT(label(), ElementsAre("0..0", "1111"));
    EXPECT_THAT(label(", boxes: class"), ElementsAre("0220", "1111"));
    EXPECT_THAT(label(", boxes: background"), ElementsAre("0000", "1111"));
  }
  write(2, 4, box);
  EXPECT_THAT(error(), AllOf(HasSubstr("1 of 1 annotations have no outline"), HasSubstr("boxes: class")));
}

TEST_F(Coco, AnIdOfTwoImagesOrTwoCategoriesIsRefusedWithBothNames) {
  add_image(1, 1);
  write_json("annotations/instances_train.json",
             R"({"images": [{"id": 5, "file_name": "a.jpg"}, {"id": 5, "file_name": "b.jpg"}], "annotations": [], )" +
                 std::string(kCategories) + "}");
  EXPECT_THAT(error(),
              AllOf(HasSubstr("two images have the id 5, a.jpg and b.jpg"), HasSubstr("instances_train.json")));
  write_json("annotations/instances_train.json",
             R"({"images": [{"id": 5, "file_name": "a.jpg", "height": 1, "width": 1}], "annotations": [],
                 "categories": [{"id": 1, "name": "cat"}, {"id": 1, "name": "dog"}]})");
  EXPECT_THAT(error(), HasSubstr("two categories have the id 1, \"cat\" and \"dog\""));
}

TEST_F(Coco, CategoriesOfOneNameAreOneClassAndAGroupOfOthersIsNone) {
  add_image(1, 2);
  write_json("annotations/instances_train.json",
             R"({"images": [{"id": 5, "file_name": "a.jpg", "height": 1, "width": 2}],
                 "annotations": [)" +
                 region(2, "[[0, 0, 1, 0, 1, 1, 0, 1]]") + "," + region(3, "[[1, 0, 2, 0, 2, 1, 1, 1]]") + R"(],
                 "categories": [{"id": 0, "name": "street", "supercategory": "none"},
                                {"id": 1, "name": "road", "supercategory": "street"},
                                {"id": 2, "name": "car", "supercategory": "street"},
                                {"id": 3, "name": "car", "supercategory": "street"}]})");
  EXPECT_THAT(class_names(open()->info().classes), ElementsAre("background", "road", "car"));
  EXPECT_THAT(label(), ElementsAre("22"));
}

TEST_F(Coco, IdsMayBeText) {
  add_image(1, 2);
  for (const std::string id : {"12", "photo-a"}) {
    write_json("annotations/instances_train.json", R"({"images": [{"id": ")" + id +
                                                       R"(", "file_name": "a.jpg", "height": 1, "width": 2}],
                   "annotations": [{"image_id": ")" + id +
                                                       R"(", "category_id": "7",
                                    "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}], )" +
                                                       kCategories + "}");
    EXPECT_THAT(label(), ElementsAre("20")) << id;
  }
}

TEST_F(Coco, AClassThatIsNoCategoryIsRefusedWithTheNearestOne) {
  write(1, 2, region(7, "[[0, 0, 1, 0, 1, 1, 0, 1]]"));
  EXPECT_THAT(error(", classes: [dog, Cat]"),
              AllOf(HasSubstr("is called \"Cat\" (did you mean \"cat\"?)"), HasSubstr("instances_train.json")));
  EXPECT_THAT(error(", classes: [horse]"), AllOf(HasSubstr("horse"), HasSubstr("it has dog, cat")));
  EXPECT_EQ(error(", classes: [cat, dog, horse]"), "") << "another split may have it";
}

TEST_F(Coco, NamesOfImagesMayBeThoseOfAnotherMachine) {
  for (const std::string name : {R"(photos\\a.jpg)", R"(C:\\data\\train\\a.jpg)", "/home/bob/train/a.jpg"}) {
    write(1, 1, region(3, "[[0, 0, 1, 0, 1, 1, 0, 1]]"));
    write_json("annotations/instances_train.json",
               R"({"images": [{"id": 5, "file_name": ")" + name + R"(", "height": 1, "width": 1}], "annotations": [)" +
                   region(3, "[[0, 0, 1, 0, 1, 1, 0, 1]]") + "], " + kCategories + "}");
    EXPECT_THAT(label(), ElementsAre("1")) << name;
    EXPECT_EQ(open()->describe(0).id, "a");
  }
}

TEST_F(Coco, ImagesThatAreNotThereMayBeLeftOut) {
  add_image(1, 1);
  write_json("annotations/instances_train.json",
             R"({"images": [{"id": 5, "file_name": "a.jpg", "height": 1, "width": 1}, {"id": 6, "file_name": "b.jpg"}],
                 "annotations": [], )" +
                 std::string(kCategories) + "}");
  EXPECT_THAT(error(), AllOf(HasSubstr("not there, 1 of 2"), HasSubstr("missing: skip")));
  EXPECT_EQ(open(", missing: skip")->size(), 1);
}

TEST_F(Coco, APhotographThatIsTurnedSaysSo) {
  write(2, 3, region(3, "[[0, 0, 1, 0, 1, 1, 0, 1]]"));
  add_image(3, 2);
  EXPECT_THAT(error(),
              AllOf(HasSubstr("{height: 2, width: 3}"), HasSubstr("{height: 3, width: 2}"), HasSubstr("EXIF")));
}

class Labelme : public Coco {
 protected:
  static constexpr const char* kClasses = ", classes: [cat, dog]";

  void draw(const std::string& shapes, const std::string& image = "a.jpg", int height = 4, int width = 6) const {
    add_image(height, width);
    write_json("train/a.json", R"({"version": "5.0", "shapes": [)" + shapes + R"(], "imagePath": ")" + image +
                                   R"(", "imageData": "AAAA", "imageHeight": )" + std::to_string(height) +
                                   R"(, "imageWidth": )" + std::to_string(width) + "}");
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
  EXPECT_THAT(label(), ElementsAre("111110", "122222", "122222", "122222"));
}

TEST_F(Labelme, CirclesCoverAnAreaAndPointsDoNot) {
  draw(shape("cat", "[[3, 2], [3, 0]]", "circle") + "," + shape("dog", "[[0, 0]]", "point"));
  EXPECT_THAT(label(), ElementsAre("001110", "011111", "011111", "011111"));
}

// The masks are those of labelme.utils.shape_to_mask.
TEST_F(Labelme, TheOutlineBelongsToItsShape) {
  draw(shape("cat", "[[0, 0], [5, 0], [5, 3], [0, 3]]"));
  EXPECT_THAT(label(), ElementsAre("111111", "111111", "111111", "111111"));
  draw(shape("cat", "[[2, 0], [3, 0], [3, 3], [2, 3]]"));
  EXPECT_THAT(label(), ElementsAre("001100", "001100", "001100", "001100"));
  draw(shape("cat", "[[1.3, 0.6], [7.9, 3.2], [4.4, 5.7]]"), "a.jpg", 7, 9);
  EXPECT_THAT(label(),
              ElementsAre("010000000", "001100000", "001111000", "000111110", "000111000", "000010000", "000000000"));
  draw(shape("cat", "[[0.5, 0.5], [5.5, 0.5], [5.5, 4.5], [3, 2], [0.5, 4.5]]"), "a.jpg", 6, 7);
  EXPECT_THAT(label(), ElementsAre("1111110", "1111110", "1111110", "1100110", "1000010", "0000000"));
}

TEST_F(Labelme, MasksAreReadAsTheyAreStored) {
  const std::string png =
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4nGNYwHQAAAKoAWOa7lh0AAAAAElFTkSuQmCC";
  const auto mask = [&](const std::string& points) {
    return R"({"label": "dog", "points": )" + points + R"(, "shape_type": "mask", "mask": ")" + png + "\"}";
  };
  draw(mask("[[2, 1], [4, 2]]"));
  EXPECT_THAT(label(), ElementsAre("000000", "002020", "000220", "000000"));
  draw(mask("[[2, 1], [5, 2]]"));
  EXPECT_THAT(error(), AllOf(HasSubstr("train/a.json: shape 1"), HasSubstr("has 3 x 2 pixels"), HasSubstr("4 x 2")));
  draw(mask("[[0, 0], [65533, 65533]]"));  // 4 GB, of some megabytes of PNG
  EXPECT_THAT(error(), HasSubstr("a mask of 65534 x 65534 pixels, more than its image has"));
}

TEST_F(Labelme, FourSidedShapesOfOtherToolsArePolygons) {
  for (const char* type : {"rectangle", "rotation", "oriented_rectangle"}) {
    draw(shape("cat", "[[1, 1], [3, 1], [3, 2], [1, 2]]", type));
    EXPECT_THAT(label(), ElementsAre("000000", "011100", "011100", "000000")) << type;
  }
}

TEST_F(Labelme, APictureThatOnlyStandsInTheFileIsNamedWithTheWay) {
  draw(shape("cat", "[[0, 0], [3, 0], [3, 4]]"), "gone.jpg");
  EXPECT_THAT(error(), AllOf(HasSubstr("not there, 1 of 1"), HasSubstr("train/gone.jpg"), HasSubstr("imageData"),
                             HasSubstr("labelme_export_json"), HasSubstr("missing: skip")));
}

TEST_F(Labelme, LabelsThatAreNoClassStopOrAreWhatOthersSays) {
  draw(shape("cow", "[[0, 0], [2, 0], [2, 4], [0, 4]]") + "," +
       shape("__ignore__", "[[3, 0], [3, 0], [3, 4], [3, 4]]"));
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
  draw(shape("cat", "[[0, 0], [1, 1]]", "cloud"));
  EXPECT_THAT(error(), HasSubstr("\"cloud\", which is not read here"));
  draw(shape("cat", "[[0, 0], [1, 1]]", "mask"));
  EXPECT_THAT(error(), HasSubstr("train/a.json: shape 1"));
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

TEST(CocoText, OfACoordinateIsToldAsSuch) {
  const test::TempFolder folder;
  write_image(folder, "images/a.png", cv::Mat(20, 20, CV_8UC3, cv::Scalar::all(9)));
  write_text(
      folder, "a.json",
      R"({"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 20}], "categories": [{"id": 1, "name": "x"}],)"
      R"("annotations": [{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [["1", "1", "9", "1", "9", "9"]]}]})");
  EXPECT_THAT(dataset_error("coco", "{root: ., annotations: a.json, images: images}", "train", folder.path()),
              testing::HasSubstr("a coordinate of a polygon is text, \"1\""));
}

}  // namespace
}  // namespace sshost::data
