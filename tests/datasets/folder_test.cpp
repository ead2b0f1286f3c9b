#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

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
  EXPECT_THAT(error(", label_map: {4294967296: 1}"), HasSubstr("32 bits"));
}

// As GIS programs write what was not looked at.
TEST_F(Folder, MapsNumbersThatAreNegativeOrOf32Bits) {
  add_image("images/train/a.jpg");
  cv::Mat label(4, 6, CV_32F, cv::Scalar(0));
  label.row(1).setTo(-1);
  label.row(2).setTo(70000);
  label.row(3).setTo(-9999);
  add_label("labels/train/a.tif", label);
  const std::string labels = ", labels: 'labels/{split}/*.tif'";
  const cv::Mat read = read_one(*open(labels + ", label_map: {0: 0, -1: 255, 70000: 2}"), 0).label;
  EXPECT_EQ(read.at<int32_t>(0, 0), 0);
  EXPECT_EQ(read.at<int32_t>(1, 0), 255);
  EXPECT_EQ(read.at<int32_t>(2, 0), 2);
  EXPECT_EQ(read.at<int32_t>(3, 0), 255) << "no entry names it";
  label.row(2).setTo(2);
  label.row(3).setTo(-1);
  add_label("labels/train/a.tif", label);
  EXPECT_EQ(read_one(*open(labels + ", ignore_index: -1"), 0).label.at<int32_t>(3, 0), -1);
  EXPECT_THAT(error(labels), HasSubstr("-1")) << "no class, and not what is ignored";
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

TEST_F(Folder, EndingsInCapitalsMatch) {
  add_image("images/train/a.JPG");
  add_label("labels/train/a.PNG");
  EXPECT_EQ(open()->describe(0).image_path, (folder_.path() / "images/train/a.JPG").string());
}

TEST_F(Folder, TakesSeveralPatternsAndBraces) {
  add_image("images/train/a.jpg");
  add_image("images/train/b.png");
  add_image("more/c.jpeg");
  for (const char* name : {"a", "b", "c"}) add_label("labels/train/" + std::string(name) + ".png");
  EXPECT_EQ(open(", images: ['images/{split}/*.{jpg,png}', 'more/*.jpeg']")->size(), 3);
}

TEST_F(Folder, PairsByStemWhateverTheEndings) {
  add_image("images/train/a.jpg");
  add_image("images/train/b.png");
  add_label("labels/train/a.png");
  add_label("labels/train/b.bmp");
  write_text(folder_, "images/train/notes.txt", "no image");
  const auto dataset = open(", images: 'images/{split}/*', labels: 'labels/{split}/*'");
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->describe(1).label_path, (folder_.path() / "labels/train/b.bmp").string());
}

TEST_F(Folder, TwoImagesOfOneNameAreAnErrorThatNamesBoth) {
  add_image("images/train/a.jpg");
  add_image("images/train/a.png");
  add_label("labels/train/a.png");
  const std::string any = ", images: 'images/{split}/*'";
  EXPECT_THAT(error(any), AllOf(HasSubstr("images/train/a.jpg and "), HasSubstr("images/train/a.png"),
                                HasSubstr("none goes before the other"), Not(HasSubstr("unpaired"))));
  EXPECT_EQ(open(any + ", labels: null")->size(), 2) << "without labels each is a sample of its own";
  EXPECT_EQ(open(any + ", labels: null")->describe(0).id, "a.jpg");
}

TEST_F(Folder, WhatBothPatternsFindIsALabel) {
  for (const char* name : {"benign (1)", "benign (2)"}) {
    add_image("all/" + std::string(name) + ".png");
    add_label("all/" + std::string(name) + "_mask.png");
  }
  const auto dataset = open(", images: 'all/*.png', labels: 'all/*_mask.png'");
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->describe(0).id, "benign (1)");
}

TEST_F(Folder, LabelsOfAllSplitsMayLieTogether) {
  add_image("images/train/a.jpg");
  add_image("images/val/b.jpg");
  add_label("masks/a.png");
  add_label("masks/b.png");
  EXPECT_EQ(open(", labels: 'masks/*.png'")->size(), 1);
}

TEST_F(Folder, SaysWhatLiesThereWhereAPatternFindsNothing) {
  add_image("images/train/a.bmp");
  EXPECT_THAT(error(), AllOf(HasSubstr("no file matches"), HasSubstr("1 other images lie there, such as"),
                             HasSubstr("images/train/a.bmp")));
}

TEST_F(Folder, FollowsLinkedFolders) {
  add_pair("a");
  std::filesystem::create_directory_symlink("train", folder_.path() / "images/val");
  std::filesystem::create_directory_symlink("train", folder_.path() / "labels/val");
  EXPECT_EQ(open("", "val")->size(), 1);
}

class Divided : public Folder {
 protected:
  static constexpr const char* kTogether = ", images: 'photos/*.jpg', labels: 'masks/*.png', split: {val: 0.25";

  void add(const std::string& name) const {
    add_image("photos/" + name + ".jpg");
    add_label("masks/" + name + ".png");
  }
  std::set<std::string> ids(const std::string& options, const std::string& split) const {
    const auto dataset = open(kTogether + options + "}", split);
    std::set<std::string> ids;
    for (int64_t index = 0; index < dataset->size(); ++index) ids.insert(dataset->describe(index).id);
    return ids;
  }
};

TEST_F(Divided, EverySampleIsInOneSplit) {
  for (int index = 0; index < 60; ++index) add("p" + std::to_string(index));
  const auto train = ids(", test: 0.25", "train"), val = ids(", test: 0.25", "val"), test = ids(", test: 0.25", "test");
  EXPECT_EQ(train.size() + val.size() + test.size(), 60U);
  EXPECT_GT(val.size(), 5U);
  EXPECT_GT(test.size(), 5U);
  EXPECT_NE(val, ids(", test: 0.25, seed: 1", "val"));
}

TEST_F(Divided, AFileThatIsAddedMovesNoOther) {
  for (int index = 0; index < 40; ++index) add("p" + std::to_string(index));
  const auto before = ids("", "val");
  for (const char* name : {"a", "p100", "z"}) add(name);
  const auto after = ids("", "val");
  for (const std::string& id : before) EXPECT_TRUE(after.contains(id)) << id;
  EXPECT_LE(after.size(), before.size() + 3);
}

TEST_F(Divided, AGroupStaysTogether) {
  for (int patient = 0; patient < 20; ++patient) {
    for (const char* slice : {"a", "b", "c"}) add("patient_" + std::to_string(patient) + "_" + slice);
  }
  const auto val = ids(", group: '(patient_\\d+)'", "val");
  EXPECT_GT(val.size(), 0U);
  EXPECT_EQ(val.size() % 3, 0U);
  for (const std::string& id : val) EXPECT_TRUE(val.contains(id.substr(0, id.size() - 1) + "b")) << id;
}

TEST_F(Divided, RefusesWhatContradictsItself) {
  add("a");
  EXPECT_THAT(error(", split: {val: 0.2}"), HasSubstr("{split}"));
  const std::string together = ", images: 'photos/*.jpg', labels: 'masks/*.png', split: ";
  EXPECT_THAT(error(together + "{val: 0.9, test: 0.1}"), HasSubstr("nothing to train with"));
  EXPECT_THAT(error(together + "{group: '(a'}"), HasSubstr("no regular expression"));
  EXPECT_THAT(error(together + "{}", "trainval"), HasSubstr("expected one of train, val, test"));
  EXPECT_THAT(error(together + "{val: 0}", "val"), HasSubstr("none of 1 images falls into it"));
}

TEST_F(Folder, NumbersNearThoseOfTheMapCountAsTheNearest) {
  add_image("images/train/a.jpg");
  cv::Mat label(4, 6, CV_8U, cv::Scalar(3));
  label.row(1).setTo(127);
  label.row(2).setTo(128);
  label.row(3).setTo(250);
  add_label("labels/train/a.png", label);
  const cv::Mat all = read_one(*open(", label_map: {0: 0, 255: 1}, label_tolerance: 127"), 0).label;
  EXPECT_EQ(cv::Vec4i(all.at<int32_t>(0, 0), all.at<int32_t>(1, 0), all.at<int32_t>(2, 0), all.at<int32_t>(3, 0)),
            cv::Vec4i(0, 0, 1, 1));
  const cv::Mat near = read_one(*open(", label_map: {0: 0, 255: 1}, label_tolerance: 5"), 0).label;
  EXPECT_EQ(cv::Vec4i(near.at<int32_t>(0, 0), near.at<int32_t>(1, 0), near.at<int32_t>(2, 0), near.at<int32_t>(3, 0)),
            cv::Vec4i(0, 255, 255, 1));
  EXPECT_THAT(error(", label_tolerance: 5"), HasSubstr("label_map or label_colors"));
}

TEST_F(Folder, ColoursNearThoseOfTheClassesCountAsTheNearest) {
  add_image("images/train/a.jpg");
  cv::Mat picture(4, 6, CV_8UC3, cv::Scalar(6, 3, 250));  // BGR
  picture.row(1).setTo(cv::Scalar(10, 10, 10));
  picture.row(2).setTo(cv::Scalar(0, 0, 127));
  add_label("labels/train/a.png", picture);
  const std::string options =
      "{root: ., label_colors: true, label_tolerance: 20, classes: [{name: a, color: '#000000'}, {name: b, color: "
      "'#ff0000'}]}";
  const cv::Mat read = read_one(*open_dataset("folder", options, "train", folder_.path()), 0).label;
  EXPECT_EQ(read.at<int32_t>(0, 0), 1);
  EXPECT_EQ(read.at<int32_t>(1, 0), 0);
  EXPECT_EQ(read.at<int32_t>(2, 0), 255);
}

TEST_F(Folder, ResizesLabelsToTheirImageWhereItIsTold) {
  add_image("images/train/a.jpg");
  cv::Mat label(2, 3, CV_8U, cv::Scalar(0));
  label.at<uint8_t>(1, 2) = 2;
  add_label("labels/train/a.png", label);
  EXPECT_THAT(error(), HasSubstr("same size"));
  const cv::Mat read = read_one(*open(", label_size: resize"), 0).label;
  ASSERT_EQ(read.size(), cv::Size(6, 4));
  EXPECT_EQ(cv::countNonZero(read == 2), 4);
  EXPECT_EQ(read.at<int32_t>(2, 4), 2);
  EXPECT_EQ(read.at<int32_t>(1, 4), 0);
}

TEST_F(Folder, ALabelThatIsTurnedIsNotResized) {
  add_image("images/train/a.jpg");
  add_label("labels/train/a.png", cv::Mat(6, 4, CV_8U, cv::Scalar(1)));
  EXPECT_THAT(error(", label_size: resize"), HasSubstr("one of them is turned or cut"));
}

TEST_F(Folder, ClassesMayBeNamesAlone) {
  add_pair("a");
  const auto dataset = open_dataset("folder", "{root: ., classes: [ground, {name: thing}]}", "train", folder_.path());
  EXPECT_EQ(dataset->info().classes[0].name, "ground");
  EXPECT_EQ(dataset->info().classes[1].name, "thing");
}

TEST_F(Folder, RefusesColoursAndPairsThatAreNone) {
  add_pair("a");
  EXPECT_THAT(dataset_error("folder", "{root: ., classes: [{name: a, color: red}]}", "train", folder_.path()),
              AllOf(HasSubstr("\"red\""), HasSubstr("#rrggbb")));
  EXPECT_THAT(dataset_error("folder", "{root: ., classes: [{name: a, mirrored: z}]}", "train", folder_.path()),
              HasSubstr("no class \"z\""));
}

TEST_F(Folder, PairsNamesThatDifferInUnicodesFormAlone) {
  const std::string composed =
                        "stra\xc3\x9f"
                        "e_m\xc3\xbc"
                        "hle",
                    in_parts =
                        "stra\xc3\x9f"
                        "e_mu\xcc\x88"
                        "hle";
  add_image("images/train/" + in_parts + ".jpg");
  add_label("labels/train/" + composed + ".png");
  const auto dataset = open();
  ASSERT_EQ(dataset->size(), 1);
  EXPECT_EQ(dataset->describe(0).id, composed);
}

TEST_F(Folder, FindsAFolderWhoseNameIsInParts) {
  add_image(
      "fotos_gr\xc3\xbc"
      "n/a.jpg");
  EXPECT_EQ(open(", images: \"fotos_gru\xcc\x88"
                 "n/*.jpg\", labels: null")
                ->size(),
            1);
}

TEST_F(Folder, NamesTwoFilesThatLookAlike) {
  add_image(
      "images/train/m\xc3\xbc"
      "hle.jpg");
  add_image(
      "images/train/mu\xcc\x88"
      "hle.jpg");
  add_label(
      "labels/train/m\xc3\xbc"
      "hle.png");
  EXPECT_THAT(error(), HasSubstr("files of one name"));
}

// masks/{class}/<name>.png
class ClassMasks : public Folder {
 protected:
  // 4 x 6, where the columns [first, last) are of the class.
  static cv::Mat mask(int first, int last, int inside = 255) {
    cv::Mat mask(4, 6, CV_8U, cv::Scalar(0));
    mask.colRange(first, last).setTo(inside);
    return mask;
  }
  static std::string options(const std::string& more = "") {
    return "{root: ., images: \"images/*.jpg\", labels: \"masks/{class}/*.png\", classes: [cat, dog]" + more + "}";
  }
  std::unique_ptr<Dataset> open_masks(const std::string& more = "") const {
    return open_dataset("folder", options(more), "train", folder_.path());
  }
  std::string error_of_masks(const std::string& more = "") const {
    return dataset_error("folder", options(more), "train", folder_.path());
  }
};

TEST_F(ClassMasks, GiveAPixelEveryClassInWhoseMaskItIs) {
  add_image("images/a.jpg");
  add_label("masks/cat/a.png", mask(0, 3));
  add_label("masks/dog/a.png", mask(2, 5, 1));
  const auto dataset = open_masks();
  EXPECT_TRUE(dataset->info().labels_are_sets);
  EXPECT_LT(dataset->info().ignore_index, 0);
  const cv::Mat label = read_one(*dataset, 0).label;
  const std::vector<int32_t> row(label.ptr<int32_t>(2), label.ptr<int32_t>(2) + 6);
  EXPECT_THAT(row, testing::ElementsAre(1, 1, 3, 2, 2, 0));
}

TEST_F(ClassMasks, MayBeMissingWhereNothingIsOfTheClass) {
  for (const std::string name : {"a", "b"}) add_image("images/" + name + ".jpg");
  add_label("masks/cat/a.png", mask(0, 3));
  add_label("masks/dog/b.png", mask(2, 5));
  const auto dataset = open_masks();
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_EQ(read_one(*dataset, 1).label.at<int32_t>(0, 2), 2);
}

TEST_F(ClassMasks, AreNeededOfEveryImageAndOfEveryClass) {
  for (const std::string name : {"a", "b"}) add_image("images/" + name + ".jpg");
  add_label("masks/cat/a.png", mask(0, 3));
  EXPECT_THAT(error_of_masks(), HasSubstr("class \"dog\" has no mask: no file matches"));
  add_label("masks/dog/a.png", mask(0, 3));
  add_label("masks/dog/z.png", mask(0, 3));
  EXPECT_THAT(error_of_masks(),
              AllOf(HasSubstr("images/b.jpg has no label"), HasSubstr("masks/dog/z.png has no image")));
  EXPECT_EQ(open_masks(", unpaired: skip")->size(), 1);
}

TEST_F(ClassMasks, HoldTwoValuesOrNearlyTwo) {
  add_image("images/a.jpg");
  cv::Mat soft = mask(0, 3);
  soft.col(3).setTo(200);
  soft.col(4).setTo(40);
  add_label("masks/cat/a.png", soft);
  add_label("masks/dog/a.png", mask(0, 0));
  EXPECT_THAT(error_of_masks(), AllOf(HasSubstr("expected a mask of two values"), HasSubstr("label_tolerance: 127")));
  const auto near = open_masks(", label_tolerance: 127");
  const cv::Mat label = read_one(*near, 0).label;
  EXPECT_EQ(label.at<int32_t>(0, 3), 1);
  EXPECT_EQ(label.at<int32_t>(0, 4), 0);
  const auto nearer = open_masks(", label_tolerance: 50");
  EXPECT_EQ(read_one(*nearer, 0).label.at<int32_t>(0, 3), nearer->info().ignore_index);
}

TEST_F(ClassMasks, MayLieBesideTheirImages) {
  add_image("d/a.jpg");
  add_label("d/a_cat.png", mask(0, 3));
  add_label("d/a_dog.png", cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(255)));
  const auto dataset =
      open_dataset("folder", "{root: ., images: \"d/*\", labels: \"d/*_{class}.png\", classes: [cat, dog]}", "train",
                   folder_.path());
  ASSERT_EQ(dataset->size(), 1);
  EXPECT_EQ(read_one(*dataset, 0).label.at<int32_t>(0, 0), 3);
  EXPECT_EQ(read_one(*dataset, 0).label.at<int32_t>(0, 5), 2);
}

TEST_F(ClassMasks, HaveNoMapOfNumbers) {
  add_image("images/a.jpg");
  EXPECT_THAT(error_of_masks(", label_map: {255: 1}"), HasSubstr("neither label_map nor label_colors"));
}

}  // namespace
}  // namespace sshost::data
