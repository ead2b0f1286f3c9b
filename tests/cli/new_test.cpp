// `sshost new`: what it makes of folders as people have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class New : public testing::Test {
 protected:
  static cv::Mat photograph(int height = 60, int width = 80) {
    cv::Mat image(height, width, CV_8UC3);
    cv::randu(image, cv::Scalar::all(0), cv::Scalar::all(255));
    return image;
  }
  // A disc of `inside` on `outside`.
  static cv::Mat disc(const cv::Scalar& outside, const cv::Scalar& inside, int type = CV_8U) {
    cv::Mat label(60, 80, type, outside);
    cv::circle(label, {40, 30}, 20, inside, cv::FILLED);
    return label;
  }
  void write(const std::string& name, const cv::Mat& pixels) const {
    fs::create_directories((folder_ / ("d/" + name)).parent_path());
    ASSERT_TRUE(cv::imwrite((folder_ / ("d/" + name)).string(), pixels));
  }
  Outcome run(const std::vector<std::string>& arguments) const { return run_program(folder_.path(), arguments); }

  // Writes the pipeline and has the doctor look at it: nothing is to be done.
  std::string draft() const {
    const Outcome made = run({"new", "d"});
    EXPECT_EQ(made.exit_code, 0) << made.out << made.err;
    const Outcome doctor = run({"data", "doctor", "d.yaml"});
    EXPECT_EQ(doctor.exit_code, 0) << doctor.out << doctor.err;
    return test::read_bytes(folder_ / "d.yaml");
  }

  test::TempFolder folder_;
};

TEST_F(New, FindsFoldersOfSplits) {
  for (const std::string split : {"train", "val"}) {
    for (const std::string name : {"1", "2", "3"}) {
      write("images/" + split + "/" + name + ".jpg", photograph());
      write("labels/" + split + "/" + name + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
    }
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'images/{split}/*'"), HasSubstr("labels: 'labels/{split}/*'"),
                             HasSubstr("classes: [background, object]"), Not(HasSubstr("label_map"))));
}

TEST_F(New, DividesWhatLiesTogetherAndReadsMasks) {
  for (int i = 0; i < 20; ++i) {
    write("Training_Images/p" + std::to_string(i) + (i % 2 == 0 ? ".jpg" : ".png"), photograph());
    write("Ground_Truth/p" + std::to_string(i) + ".png", disc(cv::Scalar(0), cv::Scalar(255)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'Training_Images/*'"), HasSubstr("split: {val: 0.2"),
                             HasSubstr("label_map: {0: 0, 255: 1}")));
}

TEST_F(New, TellsImagesAndMasksApartThatLieInOneFolder) {
  for (int i = 0; i < 20; ++i) {
    write("p" + std::to_string(i) + ".jpg", photograph());
    write("p" + std::to_string(i) + "_mask.png", disc(cv::Scalar(3), cv::Scalar(9)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: '*.jpg'"), HasSubstr("labels: '*_mask.png'"),
                             HasSubstr("label_map: {3: 0, 9: 1}")));
}

TEST_F(New, TellsThemApartAlsoWhereAllArePng) {
  for (int i = 0; i < 20; ++i) {
    write("scan (" + std::to_string(i) + ").png", photograph());
    write("scan (" + std::to_string(i) + ")_mask.png", disc(cv::Scalar(0), cv::Scalar(255)));
  }
  EXPECT_THAT(draft(),
              AllOf(HasSubstr("images: '*.png'"), HasSubstr("labels: '*_mask.png'"), Not(HasSubstr("unpaired"))));
}

TEST_F(New, FindsLabelsBelowTheirImages) {
  for (int i = 0; i < 20; ++i) {
    write(std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: '*'"), HasSubstr("labels: 'masks/*'")));
}

TEST_F(New, ReadsColoursSoftEdgesAndOtherSizes) {
  for (int i = 0; i < 20; ++i) {
    write("img/image_" + std::to_string(i) + ".jpg", photograph(120, 160));
    cv::Mat label = disc(cv::Scalar(0, 0, 0), cv::Scalar(0, 0, 200), CV_8UC3);
    cv::GaussianBlur(label, label, {3, 3}, 0);
    write("ann/mask_" + std::to_string(i) + ".png", label);
  }
  EXPECT_THAT(draft(),
              AllOf(HasSubstr("images: 'img/image_*'"), HasSubstr("labels: 'ann/mask_*'"),
                    HasSubstr("color: \"#c80000\""), HasSubstr("label_tolerance"), HasSubstr("label_size: resize")));
}

// VOC's border, and what a file of 16 bits has for no data.
TEST_F(New, TakesTheLargestNumberForIgnoredAlsoBesideNumbersWithGaps) {
  for (const int largest : {255, 65535}) {
    for (int i = 0; i < 8; ++i) {
      write("images/" + std::to_string(i) + ".jpg", photograph());
      cv::Mat label = disc(cv::Scalar(0), cv::Scalar(largest), largest == 255 ? CV_8U : CV_16U);
      label.row(0).setTo(8);
      label.row(1).setTo(12);
      label.row(2).setTo(18);
      write("masks/" + std::to_string(i) + ".png", label);
    }
    const std::string yaml = draft();
    EXPECT_THAT(yaml, AllOf(HasSubstr("0: 0"), HasSubstr("18: 3"), Not(HasSubstr(std::to_string(largest) + ": 4"))));
    fs::remove_all(folder_ / "d");
    fs::remove(folder_ / "d.yaml");
  }
}

TEST_F(New, KnowsTheYearInTheNamesOfCocosOwnFiles) {
  for (const std::string split : {"train2017", "val2017"}) {
    std::string images, regions;
    for (int i = 0; i < 8; ++i) {
      const std::string id = std::to_string(i), comma = i == 0 ? "" : ", ";
      write(split + "/" + split[0] + id + ".jpg", photograph());
      images +=
          comma + R"({"id": )" + id + R"(, "file_name": ")" + split[0] + id + R"(.jpg", "height": 60, "width": 80})";
      regions += comma + R"({"image_id": )" + id + R"(, "category_id": 1, "segmentation": [[0, 0, 40, 0, 40, 40]]})";
    }
    fs::create_directories(folder_ / "d/annotations");
    test::write_bytes(folder_ / ("d/annotations/instances_" + split + ".json"),
                      R"({"images": [)" + images + R"(], "annotations": [)" + regions +
                          R"(], "categories": [{"id": 1, "name": "cat"}]})");
  }
  EXPECT_THAT(draft(),
              AllOf(HasSubstr("annotations/instances_{split}.json"), HasSubstr("train2017"), HasSubstr("val2017")));
}

TEST_F(New, DividesAlsoFewImagesIntoBoth) {
  for (const char* name : {"a", "b", "c"}) {
    write("images/" + std::string(name) + ".jpg", photograph());
    write("masks/" + std::string(name) + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
  }
  draft();
}

TEST_F(New, TakesNamesFromAListOfClasses) {
  for (int i = 0; i < 20; ++i) {
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", disc(cv::Scalar(0), cv::Scalar(2)));
  }
  test::write_bytes(folder_ / "d/classes.txt", "ground\r\nsky\r\ntree: green\r\n");
  EXPECT_THAT(draft(), HasSubstr("classes: [ground, sky, 'tree: green']"));
}

TEST_F(New, SeesThatLabelsAreStoredAsLossyWebp) {
  for (const char* name : {"a", "b", "c", "e", "f", "g", "h", "i"}) {
    write("images/" + std::string(name) + ".png", photograph());
    fs::create_directories(folder_ / "d/masks");
    ASSERT_TRUE(cv::imwrite((folder_ / "d/masks" / (std::string(name) + ".webp")).string(), disc(0, 255),
                            {cv::IMWRITE_WEBP_QUALITY, 60}));
  }
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(test::read_bytes(folder_ / "d.yaml"), HasSubstr("label_tolerance: "));
}

TEST_F(New, WaitsForNoFifo) {
  for (const char* name : {"a", "b", "c", "e", "f", "g", "h", "i"}) {
    write("images/" + std::string(name) + ".png", photograph());
    write("masks/" + std::string(name) + ".png", disc(0, 255));
  }
  ASSERT_EQ(mkfifo((folder_ / "d/classes.txt").c_str(), 0600), 0);
  EXPECT_THAT(draft(), HasSubstr("classes: [background, object]"));
}

TEST_F(New, KnowsCocoAndLabelme) {
  std::string images;
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    write("photos/" + name + ".jpg", photograph());
    images += (i == 0 ? "" : ", ") + ("{\"id\": " + name) + ", \"file_name\": \"" + name +
              ".jpg\", \"height\": 60, \"width\": 80}";
  }
  std::string annotations;
  for (int i = 0; i < 20; ++i) {
    annotations += (i == 0 ? "" : ", ") + ("{\"id\": 1, \"image_id\": " + std::to_string(i)) +
                   ", \"category_id\": 1, \"segmentation\": [[1, 1, 30, 1, 30, 30]]}";
  }
  test::write_bytes(folder_ / "d/result.json", "{\"images\": [" + images + "], \"annotations\": [" + annotations +
                                                   "], \"categories\": [{\"id\": 1, \"name\": \"cat\"}]}");
  EXPECT_THAT(draft(), AllOf(HasSubstr("type: coco"), HasSubstr("annotations: 'result.json'"),
                             HasSubstr("images: 'photos'"), HasSubstr("split: {val: 0.2")));
  fs::remove(folder_ / "d/result.json");
  fs::remove(folder_ / "d.yaml");
  for (int i = 0; i < 20; ++i) {
    test::write_bytes(
        folder_ / ("d/photos/" + std::to_string(i) + ".json"),
        "{\"shapes\": [{\"label\": \"dog\", \"points\": [[1, 1], [30, 1], [30, 30]]}], \"imagePath\": \"" +
            std::to_string(i) + ".jpg\"}");
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("type: labelme"), HasSubstr("annotations: 'photos/*.json'"),
                             HasSubstr("classes: [dog]")));
}

TEST_F(New, TakesPhotographsAndNotPicturesWithTheLabelsPaintedOnThem) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    const cv::Mat picture = photograph();
    write("JPEGImages/" + name + ".jpg", picture);
    write("SegmentationClassPNG/" + name + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
    write("SegmentationClassVisualization/" + name + ".jpg", picture / 2);
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'JPEGImages/*'"), HasSubstr("labels: 'SegmentationClassPNG/*'")));
}

TEST_F(New, TakesClassesAndNotInstancesAndSaysWhatIsLeft) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    write("JPEGImages/" + name + ".jpg", photograph());
    write("SegmentationClass/" + name + ".png", disc(cv::Scalar(0, 0, 0), cv::Scalar(142, 0, 0), CV_8UC3));
    write("SegmentationObject/" + name + ".png", disc(cv::Scalar(0, 0, 0), cv::Scalar(0, 0, 50 + i), CV_8UC3));
  }
  test::write_bytes(folder_ / "d/labelmap.txt",
                    "# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:128,64,128::\ncar:0,0,142::\n");
  const Outcome made = run({"new", "d"});
  EXPECT_THAT(made.out, HasSubstr("left: SegmentationObject/*"));
  EXPECT_THAT(test::read_bytes(folder_ / "d.yaml"),
              AllOf(HasSubstr("labels: 'SegmentationClass/*'"), HasSubstr("{name: background, color: \"#000000\"}"),
                    HasSubstr("{name: road, color: \"#804080\"}"), HasSubstr("{name: car, color: \"#00008e\"}")));
}

class NewLists : public New {
 protected:
  // 20 labels of the numbers 0, 1 and 2.
  std::string classes(const std::string& file, const std::string& list) const {
    for (int i = 0; i < 20; ++i) {
      cv::Mat label = disc(cv::Scalar(0), cv::Scalar(1));
      label.rowRange(0, 8).setTo(2);
      write("images/" + std::to_string(i) + ".jpg", photograph());
      write("masks/" + std::to_string(i) + ".png", label);
    }
    test::write_bytes(folder_ / ("d/" + file), list);
    fs::remove(folder_ / "d.yaml");
    const std::string text = draft();
    fs::remove(folder_ / ("d/" + file));
    const size_t at = text.find("\n    classes:");
    return text.substr(at + 5, text.find('\n', at + 1) - at - 5);
  }
};

TEST_F(NewLists, NameTheNumbersThatTheyMean) {
  EXPECT_EQ(classes("labels.txt", "__ignore__\n_background_\nroad\ncar\n"), "classes: [background, road, car]");
  EXPECT_EQ(classes("classes.txt", "road\ncar\n"), "classes: [background, road, car]");
  EXPECT_EQ(classes("classes.txt",
                    "\xef\xbb\xbf"
                    "background\r\nroad\r\ncar\r\n"),
            "classes: [background, road, car]");
  EXPECT_EQ(classes("classes.txt", "0 background\n1 road\n2 car\n"), "classes: [background, road, car]");
}

TEST_F(NewLists, ThatAreNoUtf8AreLeftAlone) {
  EXPECT_EQ(classes("classes.txt", std::string("r\0o\0a\0d\0", 8)), "classes: [background, class_1, class_2]");
  EXPECT_EQ(classes("classes.txt",
                    "background\nstra\xdf"
                    "e\ncar\n"),
            "classes: [background, class_1, class_2]");
}

TEST_F(New, FindsANumberThatFewOfManyLabelsHold) {
  for (int i = 0; i < 640; ++i) {
    const std::string name = std::to_string(1000 + i);
    cv::Mat label(8, 8, CV_8U, cv::Scalar(0));
    label.rowRange(2, 6).setTo(50);
    if (i == 333) label.rowRange(6, 8).setTo(150);
    write("images/" + name + ".png", photograph(8, 8));
    write("masks/" + name + ".png", label);
  }
  ASSERT_EQ(run({"new", "d"}).exit_code, 0);
  EXPECT_THAT(test::read_bytes(folder_ / "d.yaml"), HasSubstr("label_map: {0: 0, 50: 1, 150: 2}"));
}

TEST_F(New, TheBrightestOfEvenGreyLevelsIsAClass) {
  for (int i = 0; i < 20; ++i) {
    cv::Mat label = disc(cv::Scalar(0), cv::Scalar(255));
    label.rowRange(0, 8).setTo(128);
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", label);
  }
  EXPECT_THAT(draft(), HasSubstr("label_map: {0: 0, 128: 1, 255: 2}"));
}

TEST_F(New, NumbersThatBeginAtOneAreMapped) {
  for (int i = 0; i < 20; ++i) {
    cv::Mat label = disc(cv::Scalar(1), cv::Scalar(3));
    label.rowRange(0, 8).setTo(2);
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", label);
  }
  EXPECT_THAT(draft(), HasSubstr("label_map: {1: 0, 2: 1, 3: 2}"));
}

TEST_F(New, ABatchIsNoLargerThanTheSplit) {
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    write("images/" + std::string(name) + ".jpg", photograph());
    write("masks/" + std::string(name) + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
  }
  draft();
  EXPECT_EQ(run({"validate", "d.yaml"}).exit_code, 0) << run({"validate", "d.yaml"}).err;
}

TEST_F(New, AnObjectInTheAlphaChannelIsToldApartFromNothing) {
  for (int i = 0; i < 5; ++i) {
    cv::Mat label(60, 80, CV_8UC4, cv::Scalar(255, 255, 255, 0));
    cv::circle(label, {40, 30}, 20, cv::Scalar::all(255), cv::FILLED);
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", label);
  }
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_THAT(made.err, AllOf(HasSubstr("one value alone, #ffffff"), HasSubstr("alpha channel")));
  EXPECT_FALSE(fs::exists(folder_ / "d.yaml"));
}

TEST_F(New, KnowsFoldersOfSplitsWithCocosAnnotationsInEach) {
  for (const std::string split : {"train", "valid"}) {
    std::string images, annotations;
    for (int i = 0; i < 4; ++i) {
      const std::string id = std::to_string(i), comma = i == 0 ? "" : ", ";
      write(split + "/" + id + ".jpg", photograph());
      images += comma + R"({"id": )" + id + R"(, "file_name": ")" + id + R"(.jpg", "height": 60, "width": 80})";
      annotations += comma + R"({"image_id": )" + id +
                     R"(, "category_id": 1, "segmentation": [[1, 1, 30, 1, 30, 30]], "bbox": [1, 1, 29, 29]})";
    }
    test::write_bytes(folder_ / ("d/" + split + "/_annotations.coco.json"),
                      R"({"categories": [{"id": 0, "name": "street", "supercategory": "none"},
                                         {"id": 1, "name": "road", "supercategory": "street"}],
                          "images": [)" +
                          images + R"(], "annotations": [)" + annotations + "]}");
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("annotations: '{split}/_annotations.coco.json'"), HasSubstr("images: '{split}'"),
                             HasSubstr("split: valid"), HasSubstr("batch_size: 4")));
}

TEST_F(New, NamesThatEndWithABlankAreQuoted) {
  for (int i = 0; i < 8; ++i) {
    const std::string name = std::to_string(i);
    write(name + ".jpg", photograph());
    test::write_bytes(folder_ / ("d/" + name + ".json"),
                      R"({"shapes": [{"label": "road ", "points": [[1, 1], [30, 1], [30, 30]]},
                                     {"label": "road", "points": [[1, 40], [30, 40], [30, 55]]},
                                     {"label": "a\tb", "points": [[60, 40], [70, 40], [70, 55]]}],
                          "imagePath": ")" +
                          name + R"(.jpg"})");
  }
  EXPECT_THAT(draft(), HasSubstr(R"(classes: ["a\x09b", road, 'road '])"));
}

TEST_F(New, CommandsToCopyAreQuoted) {
  for (int i = 0; i < 8; ++i) {
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("masks/" + std::to_string(i) + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
  }
  const Outcome made = run({"new", "d", "--output", "Road photos.yaml"});
  EXPECT_THAT(made.out, HasSubstr("sshost run 'Road photos.yaml'"));
  EXPECT_THAT(test::read_bytes(folder_ / "Road photos.yaml"), HasSubstr("sshost data preview 'Road photos.yaml'"));
}

TEST_F(New, SaysWhatItSawAndCannotRead) {
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::to_string(i);
    write("images/" + name + ".jpg", photograph());
    test::write_bytes(folder_ / ("d/images/" + name + ".txt"), "0 0.1 0.2 0.5 0.5 0.3 0.9\n");
    write("masks/" + name + ".tiff", cv::Mat(60, 80, CV_32F, cv::Scalar(0.5)));
  }
  test::write_bytes(folder_ / "d/notes.json", "{\"shapes\": \"\xc4\xe3\"}");
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_THAT(made.err, AllOf(HasSubstr("0.txt (and 3 more) holds numbers, as YOLO's outlines do"),
                              HasSubstr("masks/0.tiff (and 3 more)"), HasSubstr("notes.json is not stored as UTF-8")));
}

TEST_F(New, MasksOfSingleObjectsAreNotTakenForLabels) {
  for (int i = 0; i < 9; ++i) {
    const std::string id = "id" + std::to_string(i);
    write(id + "/images/" + id + ".png", photograph());
    for (const std::string& mask : {std::string("m1"), std::string("m2"), id}) {
      if (mask != id || i == 0) write(id + "/masks/" + mask + ".png", disc(cv::Scalar(0), cv::Scalar(255)));
    }
  }
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 2) << made.out;
  EXPECT_FALSE(fs::exists(folder_ / "d.yaml"));
}

TEST_F(New, FindsNnUNetsNames) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = "road_" + std::to_string(100 + i);
    write("imagesTr/" + name + "_0000.png", photograph());
    write("labelsTr/" + name + ".png", disc(cv::Scalar(0), cv::Scalar(1)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'imagesTr/*_0000'"), HasSubstr("labels: 'labelsTr/*'")));
}

TEST_F(New, WhatItWroteIsTriedAndWhatCannotBeReadIsTold) {
  for (int i = 0; i < 8; ++i) {
    const std::string name = std::to_string(i);
    write(name + ".jpg", photograph());
    test::write_bytes(folder_ / ("d/" + name + ".json"),
                      R"({"shapes": [{"label": "road", "points": [[1, 1], [30, 1], [30, 30]], "shape_type": "cloud"}],
                          "imagePath": ")" +
                          name + R"(.jpg"})");
  }
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_THAT(made.err,
              AllOf(HasSubstr("cannot be read as it says"), HasSubstr("\"cloud\""), HasSubstr("data doctor")));
}

TEST_F(New, OverwritesNothingAndSaysWhatItMisses) {
  write("a.jpg", photograph());
  const Outcome nothing = run({"new", "d"});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.err, AllOf(HasSubstr("found 1 images"), HasSubstr("labels/a.png")));
  test::write_bytes(folder_ / "d.yaml", "mine");
  EXPECT_EQ(run({"new", "d"}).exit_code, 2);
  EXPECT_EQ(test::read_bytes(folder_ / "d.yaml"), "mine");
  EXPECT_THAT(run({"new", "nowhere"}).err, HasSubstr("there is none at nowhere"));
}

TEST_F(New, FoldersMayHaveAnyName) {
  for (const std::string name : {"a\n---\nb", "it's \"quoted\"", "-dash", "{a,b}", "# no comment", "x: y", "tab\there",
                                 "\xe2\x80\xae"
                                 "turned",
                                 "*", "end "}) {
    for (const char* each : {"a", "b", "c", "e", "f", "g", "h", "i"}) {
      write("images/" + std::string(each) + ".png", photograph());
      write("masks/" + std::string(each) + ".png", disc(0, 255));
    }
    fs::rename(folder_ / "d", folder_ / name);
    const Outcome made = run({"new", "--output", "p.yaml", "--", name});
    EXPECT_EQ(made.exit_code, 0) << name << made.err;
    const Outcome doctor = run({"data", "doctor", "p.yaml"});
    EXPECT_EQ(doctor.exit_code, 0) << name << doctor.out << doctor.err;
    fs::remove(folder_ / "p.yaml");
    const Outcome named = run({"new", "--", name});
    EXPECT_EQ(named.exit_code, 0) << name << named.err;
    std::string file = name + ".yaml";
    for (char& letter : file) letter = letter == '\n' || letter == '\t' ? '_' : letter;
    EXPECT_TRUE(fs::exists(folder_ / file)) << name;
    EXPECT_THAT(named.out, Not(HasSubstr("sshost run -"))) << "an option";
    fs::remove_all(folder_ / name);
  }
}

TEST_F(New, NamesThatAPatternHasNoWayForAreRefusedByName) {
  for (const char* each : {"a", "b", "c", "e", "f", "g", "h", "i"}) {
    write("images {x}/" + std::string(each) + ".png", photograph());
    write("masks/" + std::string(each) + ".png", disc(0, 255));
  }
  const Outcome made = run({"new", "d"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_THAT(made.err, AllOf(HasSubstr("images {x}"), HasSubstr("give them other names")));
  EXPECT_FALSE(fs::exists(folder_ / "d.yaml"));
}

TEST_F(New, AListOfClassesOfEndlessLinesIsNone) {
  for (const char* name : {"a", "b", "c", "e", "f", "g", "h", "i"}) {
    write("images/" + std::string(name) + ".png", photograph());
    write("masks/" + std::string(name) + ".png", disc(0, 255));
  }
  test::write_bytes(folder_ / "d/classes.txt", std::string(1'000'000, 'a') + "\nroad\n");
  EXPECT_THAT(draft(), HasSubstr("classes: [background, object]"));
  fs::remove(folder_ / "d.yaml");
  fs::remove(folder_ / "d/classes.txt");
  fs::create_symlink("/dev/zero", folder_ / "d/classes.txt");
  EXPECT_THAT(draft(), HasSubstr("classes: [background, object]"));
}

TEST_F(New, FindsAMaskForEachClass) {
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i);
    write("images/" + name + ".jpg", photograph());
    write("masks/liver/" + name + ".png", disc(cv::Scalar(0), cv::Scalar(255)));
    if (i % 3 != 0) write("masks/tumor/" + name + ".png", disc(cv::Scalar(0), cv::Scalar(255)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'images/*'"), HasSubstr("labels: 'masks/{class}/*'"),
                             HasSubstr("classes: [liver, tumor]"), HasSubstr("outputs: independent"),
                             Not(HasSubstr("memory:"))));
}

TEST_F(New, FindsMasksThatAreNamedByTheirClass) {
  for (int i = 0; i < 12; ++i) {
    const std::string name = "p" + std::to_string(i);
    write("images/" + name + ".jpg", photograph());
    write("masks/" + name + "_class_road.png", disc(cv::Scalar(0), cv::Scalar(255)));
    write("masks/" + name + "_class_car.png", disc(cv::Scalar(0), cv::Scalar(255)));
  }
  EXPECT_THAT(draft(), AllOf(HasSubstr("images: 'images/*'"), HasSubstr("labels: 'masks/*_class_{class}'"),
                             HasSubstr("classes: [car, road]"), HasSubstr("outputs: independent")));
}

TEST_F(New, TakesNamesFromRoboflowsListInTheFolderOfASplit) {
  for (const std::string split : {"train", "valid"}) {
    for (int i = 0; i < 4; ++i) {
      write(split + "/p" + std::to_string(i) + ".jpg", photograph());
      write(split + "/p" + std::to_string(i) + "_mask.png", disc(cv::Scalar(0), cv::Scalar(1)));
    }
    test::write_bytes(folder_ / ("d/" + split + "/_classes.csv"), "Pixel Value, Class\n0, background\n1, road\n");
  }
  EXPECT_THAT(draft(), HasSubstr("classes: [background, road]"));
}

TEST_F(New, SaysWhichColorsAListDoesNotName) {
  for (int i = 0; i < 10; ++i) {
    write("images/" + std::to_string(i) + ".jpg", photograph());
    write("labels/" + std::to_string(i) + ".png", disc(cv::Scalar(0, 0, 0), cv::Scalar(30, 200, 30), CV_8UC3));
  }
  test::write_bytes(folder_ / "d/labelmap.txt",
                    "# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:128,64,128::\n");
  const Outcome made = run({"new", "d"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out,
              AllOf(HasSubstr("labelmap.txt does not name #1ec81e (class_2)"), HasSubstr("there is no road")));
}

TEST_F(New, PairsNamesOfAMacWithThoseOfOthers) {
  for (int i = 0; i < 10; ++i) {
    write(
        "images/mu\xcc\x88"
        "hle" +
            std::to_string(i) + ".jpg",
        photograph());
    write(
        "labels/m\xc3\xbc"
        "hle" +
            std::to_string(i) + ".png",
        disc(cv::Scalar(0), cv::Scalar(1)));
  }
  EXPECT_THAT(draft(), HasSubstr("images: 'images/*'"));
}

}  // namespace
}  // namespace sshost::cli
