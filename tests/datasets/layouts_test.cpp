// Small trees in the exact layouts of the published data sets, as sssegmentation and mmsegmentation have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "bridge/png_file.h"
#include "datasets/mat_file.h"
#include "datasets/support.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Layouts : public testing::Test {
 protected:
  void image(const std::string& name) const {
    write_image(folder_, name, cv::Mat(1, 4, CV_8UC3, cv::Scalar(30, 20, 10)));
  }
  // One row of four numbers.
  static cv::Mat row(const std::array<uint8_t, 4>& numbers) {
    cv::Mat label(1, 4, CV_8U);
    std::copy(numbers.begin(), numbers.end(), label.begin<uint8_t>());
    return label;
  }
  void label(const std::string& name, const std::array<uint8_t, 4>& numbers) const {
    write_image(folder_, name, row(numbers));
  }
  void list(const std::string& name, const std::string& lines) const { write_text(folder_, name, lines); }

  std::unique_ptr<Dataset> open(const std::string& type, const std::string& split, const std::string& more = "") const {
    return open_dataset(type, "{root: ." + more + "}", split, folder_.path());
  }
  static std::vector<std::string> ids(const Dataset& dataset) {
    std::vector<std::string> all;
    for (int64_t index = 0; index < dataset.size(); ++index) all.push_back(dataset.describe(index).id);
    return all;
  }
  static std::vector<int> labels(const Dataset& dataset, int64_t index = 0, uint64_t seed = 0) {
    const cv::Mat label = read_one(dataset, index, seed).label;
    return {label.begin<int32_t>(), label.end<int32_t>()};
  }

  test::TempFolder folder_;
};

TEST_F(Layouts, Ade20kByFoldersAndByLists) {
  for (const char* name : {"ADE_train_00000001", "ADE_train_00000002"}) {
    image(std::string("ADEChallengeData2016/images/training/") + name + ".jpg");
    label(std::string("ADEChallengeData2016/annotations/training/") + name + ".png", {0, 1, 150, 255});
  }
  EXPECT_THAT(ids(*open("ade20k", "train")), ElementsAre("ADE_train_00000001", "ADE_train_00000002"));
  EXPECT_THAT(labels(*open("ade20k", "train")), ElementsAre(255, 0, 149, 255));
  list("ADEChallengeData2016/train.txt", "ADE_train_00000002\r\n");
  EXPECT_THAT(ids(*open("ade20k", "train")), ElementsAre("ADE_train_00000002"));
  const auto within = open_dataset("ade20k", "root: ADEChallengeData2016", "train", folder_.path());
  EXPECT_EQ(within->size(), 1);
}

TEST_F(Layouts, Ade20kRefusesNumbersBeyondItsClasses) {
  image("images/validation/ADE_val_00000001.jpg");
  label("annotations/validation/ADE_val_00000001.png", {0, 1, 151, 2});
  EXPECT_THAT(dataset_error("ade20k", "root: .", "val", folder_.path()),
              AllOf(HasSubstr("ADE_val_00000001.png: 151 at row 0, column 2"), HasSubstr("0..149")));
}

TEST_F(Layouts, Ade20kTestHasNoLabels) {
  image("images/testing/ADE_test_00000001.jpg");
  EXPECT_TRUE(read_one(*open("ade20k", "test"), 0).label.empty());
}

TEST_F(Layouts, CityscapesFromLabelIds) {
  image("leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png");
  label("gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png", {7, 33, 9, 0});
  image("leftImg8bit/val/bonn/bonn_000001_000019_leftImg8bit.png");
  label("gtFine/val/bonn/bonn_000001_000019_gtFine_labelIds.png", {26, 255, 20, 31});
  list("train.txt", "aachen/aachen_000000_000019_leftImg8bit\n");
  EXPECT_THAT(ids(*open("cityscapes", "train")), ElementsAre("aachen/aachen_000000_000019"));
  EXPECT_THAT(labels(*open("cityscapes", "train")), ElementsAre(0, 18, 255, 255));
  EXPECT_THAT(labels(*open("cityscapes", "val")), ElementsAre(13, 255, 7, 16));
  EXPECT_THAT(ids(*open("cityscapes", "trainval")),
              ElementsAre("aachen/aachen_000000_000019", "bonn/bonn_000001_000019"));
}

TEST_F(Layouts, CityscapesFromTrainIds) {
  image("leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png");
  label("gtFine/train/aachen/aachen_000000_000019_gtFine_labelTrainIds.png", {0, 18, 255, 7});
  EXPECT_THAT(labels(*open("cityscapes", "train")), ElementsAre(0, 18, 255, 7));
}

TEST_F(Layouts, CityscapesTestHasNoLabels) {
  image("leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png");
  EXPECT_TRUE(read_one(*open("cityscapes", "test"), 0).label.empty());
}

TEST_F(Layouts, ListedFilesThatAreMissingAreNamed) {
  image("leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png");
  label("gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png", {7, 7, 7, 7});
  image("leftImg8bit/train/aachen/aachen_000002_000019_leftImg8bit.png");
  list("train.txt", "aachen/aachen_000001_000019_leftImg8bit\naachen/aachen_000002_000019_leftImg8bit\n");
  EXPECT_THAT(dataset_error("cityscapes", "root: .", "train", folder_.path()),
              AllOf(HasSubstr("aachen/aachen_000001_000019 has no image"),
                    HasSubstr("aachen/aachen_000002_000019 has no label")));
}

class Lists : public Layouts {
 protected:
  Lists() {
    for (const char* name : {"a", "b"}) {
      image("JPEGImages/" + std::string(name) + ".jpg");
      label("SegmentationClass/" + std::string(name) + ".png", {1, 1, 1, 1});
    }
  }
  std::string error(const std::string& text) const {
    list("ImageSets/Segmentation/train.txt", text);
    return dataset_error("voc", "root: .", "train", folder_.path());
  }
  int64_t size(const std::string& text) const {
    list("ImageSets/Segmentation/train.txt", text);
    return open("voc", "train")->size();
  }
};

TEST_F(Lists, AreReadHoweverAnEditorStoredThem) {
  EXPECT_EQ(size("\xef\xbb\xbf"
                 "a\nb\n"),
            2)
      << "a byte order mark";
  EXPECT_EQ(size("a\r\n\r\nb\r\n"), 2);
  EXPECT_EQ(size("a\rb\r"), 2);
  EXPECT_EQ(size("# of which\n a \t\nb"), 2);
  EXPECT_EQ(size("a.jpg\nb.jpg\n"), 2) << "names with their ending";
  EXPECT_EQ(open("voc", "train")->describe(0).id, "a");
}

TEST_F(Lists, ThatAreNoRegularFilesAreNeitherWaitedForNorReadWithoutEnd) {
  const std::filesystem::path path = folder_ / "ImageSets/Segmentation/train.txt";
  size("a\n");
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
  EXPECT_THAT(dataset_error("voc", "root: .", "train", folder_.path()), HasSubstr("expected a regular file"));
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/dev/zero", path);
  EXPECT_THAT(dataset_error("voc", "root: .", "train", folder_.path()), HasSubstr("expected a regular file"));
  std::filesystem::remove(path);
  test::write_bytes(path, "a\n");
  std::filesystem::resize_file(path, (uint64_t{1} << 26) + 1);  // a hole, which takes no room
  EXPECT_THAT(dataset_error("voc", "root: .", "train", folder_.path()), HasSubstr("at most 67108864 bytes"));
}

TEST_F(Lists, ThatAreAnotherFileAreNotShown) {
  EXPECT_THAT(error("root:x:0:0:root:/root:/bin/sh\n"), AllOf(HasSubstr("train.txt:1: "), Not(HasSubstr("root:x:0"))));
  std::string key;
  for (int i = 0; i < 6; ++i) key += "secret" + std::to_string(i) + "\n";
  EXPECT_THAT(error(key),
              AllOf(HasSubstr("none of the 6 names in "), HasSubstr("where there is a"), Not(HasSubstr("secret1"))));
}

TEST_F(Lists, ErrorsNameTheListAndTheLine) {
  EXPECT_THAT(error("a\n\nnone\n"), HasSubstr("Segmentation/train.txt:3: none has no image"));
  EXPECT_THAT(error("a\nb\na\n"), AllOf(HasSubstr("train.txt:3: \"a\" is named twice"), HasSubstr("train.txt:1")));
  EXPECT_THAT(error("a -1\n"), HasSubstr("train.txt:1: a -1 has no image"));
  EXPECT_THAT(error(std::string("\xff\xfe"
                                "a\0\n\0",
                                6)),
              AllOf(HasSubstr("train.txt"), HasSubstr("UTF-16")));
  EXPECT_THAT(error(""), HasSubstr("no samples"));
}

TEST_F(Layouts, CocoStuffFromMatFiles) {
  for (const char* name : {"COCO_train2014_000000000077", "COCO_train2014_000000000078"}) {
    image(std::string("images/") + name + ".jpg");
    write_text(folder_, std::string("annotations/") + name + ".mat", mat_file('S', row({0, 1, 12, 182})));
  }
  list("imageLists/train.txt", "COCO_train2014_000000000077\n");
  EXPECT_THAT(ids(*open("cocostuff10k", "train")), ElementsAre("COCO_train2014_000000000077"));
  EXPECT_THAT(labels(*open("cocostuff10k", "train")), ElementsAre(255, 0, 11, 181));
  EXPECT_THAT(labels(*open("cocostuff10k", "train", ", classes: 171")), ElementsAre(255, 0, 255, 170));
}

TEST_F(Layouts, CocoStuffMatricesStandUpright) {
  cv::Mat stored = (cv::Mat_<uint8_t>(2, 3) << 1, 2, 3, 4, 5, 6);
  write_image(folder_, "images/a.jpg", cv::Mat(2, 3, CV_8UC3, cv::Scalar::all(0)));
  list("imageLists/test.txt", "a\n");
  for (const std::string& bytes : {mat_file('S', stored), compressed_mat_file('S', stored)}) {
    write_text(folder_, "annotations/a.mat", bytes);
    EXPECT_THAT(labels(*open("cocostuff10k", "test")), ElementsAre(0, 1, 2, 3, 4, 5));
  }
}

TEST_F(Layouts, CocoStuffTakesNoMatFileThatLeadsElsewhereOrIsLargerThanItsImage) {
  image("images/a.jpg");
  list("imageLists/train.txt", "a\n");
  const auto error = [&](const std::string& bytes) {
    write_text(folder_, "annotations/a.mat", bytes);
    return dataset_error("cocostuff10k", "root: .", "train", folder_.path());
  };
  std::string hdf5 = mat_file('S', row({1, 1, 1, 1}));
  hdf5[125] = 2;
  EXPECT_THAT(error(hdf5), HasSubstr("version 7.3"));
  const cv::Mat large(4000, 4000, CV_8U, cv::Scalar(0));
  EXPECT_THAT(error(compressed_mat_file('S', large)), HasSubstr("the size of its image, found 4000 x 4000"));
  const std::filesystem::path path = folder_ / "annotations/a.mat";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
  EXPECT_NE(dataset_error("cocostuff10k", "root: .", "train", folder_.path()), "") << "and does not wait";
}

TEST_F(Layouts, CocoStuffRefusesEveryCutMatFile) {
  image("images/a.jpg");
  list("imageLists/train.txt", "a\n");
  for (const std::string& whole : {mat_file('S', row({1, 2, 3, 4})), compressed_mat_file('S', row({1, 2, 3, 4}))}) {
    for (size_t size = 0; size < whole.size(); ++size) {
      write_text(folder_, "annotations/a.mat", whole.substr(0, size));
      EXPECT_THAT(dataset_error("cocostuff10k", "root: .", "train", folder_.path()), HasSubstr("annotations/a.mat"))
          << size;
    }
  }
}

TEST_F(Layouts, CocoStuffNamesABrokenMatFile) {
  image("images/a.jpg");
  list("imageLists/train.txt", "a\n");
  const std::string whole = mat_file('S', row({0, 1, 12, 182}));
  for (const std::string& bytes : {std::string("no matrix"), whole.substr(0, 150), mat_file('T', row({1, 1, 1, 1}))}) {
    write_text(folder_, "annotations/a.mat", bytes);
    EXPECT_THAT(dataset_error("cocostuff10k", "root: .", "train", folder_.path()), HasSubstr("annotations/a.mat"));
  }
}

TEST_F(Layouts, CocoStuffFromImagesWithTheSameNumbers) {
  image("images/a.jpg");
  label("annotations/a.png", {0, 1, 83, 182});
  list("imageLists/train.txt", "a\n");
  EXPECT_THAT(labels(*open("cocostuff10k", "train", ", classes: 171")), ElementsAre(255, 0, 255, 170));
}

TEST_F(Layouts, CocoStuffFromTrainIds) {
  image("images/train2014/COCO_train2014_000000000077.jpg");
  label("annotations/train2014/COCO_train2014_000000000077_labelTrainIds.png", {0, 1, 12, 171});
  EXPECT_THAT(labels(*open("cocostuff10k", "train", ", classes: 171")), ElementsAre(255, 0, 11, 170));
  EXPECT_THAT(labels(*open("cocostuff10k", "train")), ElementsAre(255, 0, 12, 181));  // number 13, and 182
  list("imageLists/train.txt", "COCO_train2014_000000000077\n");
  EXPECT_EQ(open("cocostuff10k", "train")->size(), 1);
}

TEST_F(Layouts, CocoStuffOfMmsegmentationWithAndWithoutItsLists) {
  const auto add = [&](const std::string& part, const std::string& name) {
    image("images/" + part + "2014/" + name + ".jpg");
    label("annotations/" + part + "2014/" + name + "_labelTrainIds.png", {0, 1, 12, 171});
  };
  add("train", "a");
  add("train", "b");
  add("test", "c");
  EXPECT_THAT(ids(*open("cocostuff10k", "train")), ElementsAre("a", "b"));
  EXPECT_THAT(ids(*open("cocostuff10k", "test")), ElementsAre("c"));
  EXPECT_THAT(ids(*open("cocostuff10k", "all")), ElementsAre("a", "b", "c"));
  list("imagesLists/train.txt", "b\n");
  list("imagesLists/all.txt", "c\nb\n");
  EXPECT_THAT(ids(*open("cocostuff10k", "train")), ElementsAre("b"));
  EXPECT_THAT(ids(*open("cocostuff10k", "all")), ElementsAre("c", "b"));
}

TEST_F(Layouts, LipByListsAndAsTheArchivesUnpack) {
  image("train_images/684_2150041.jpg");
  label("train_segmentations/684_2150041.png", {0, 14, 19, 255});
  image("train_images/1_1.jpg");
  list("train_id.txt", "684_2150041\n");
  EXPECT_THAT(labels(*open("lip", "train")), ElementsAre(0, 14, 19, 255));
  image("LIP/TrainVal_images/TrainVal_images/val_images/2_2.jpg");
  label("LIP/TrainVal_parsing_annotations/TrainVal_parsing_annotations/val_segmentations/2_2.png", {1, 2, 3, 4});
  EXPECT_THAT(ids(*open("lip", "val")), ElementsAre("2_2"));
}

TEST_F(Layouts, VocReadsIndicesAndNotColours) {
  image("JPEGImages/2007_000032.jpg");
  std::filesystem::create_directories(folder_ / "SegmentationClass");
  bridge::testing::PngFile palette;
  palette.width = 4;
  palette.height = 1;
  palette.palette.assign(256, png_color{9, 9, 9});
  palette.rows = {0, 1, 20, 255};
  bridge::testing::write_png(folder_ / "SegmentationClass/2007_000032.png", palette);
  list("ImageSets/Segmentation/val.txt", "2007_000032\n");
  EXPECT_THAT(labels(*open("voc", "val")), ElementsAre(0, 1, 20, 255));
}

TEST_F(Layouts, VocAugmentedFromOneListOrTwo) {
  for (const char* name : {"2007_000032", "2008_000015"}) {
    image(std::string("VOCdevkit/VOC2012/JPEGImages/") + name + ".jpg");
  }
  label("VOCdevkit/VOC2012/SegmentationClass/2007_000032.png", {1, 1, 1, 255});
  label("VOCdevkit/VOC2012/SegmentationClassAug/2007_000032.png", {1, 1, 1, 0});
  label("VOCdevkit/VOC2012/SegmentationClassAug/2008_000015.png", {5, 5, 5, 5});
  list("VOCdevkit/VOC2012/ImageSets/Segmentation/train.txt", "2007_000032\n");
  list("VOCdevkit/VOC2012/ImageSets/Segmentation/aug.txt", "2008_000015\n");
  const auto both = open("voc", "trainaug");
  EXPECT_THAT(ids(*both), ElementsAre("2007_000032", "2008_000015"));
  EXPECT_THAT(labels(*both, 0), ElementsAre(1, 1, 1, 255));
  EXPECT_THAT(labels(*both, 1), ElementsAre(5, 5, 5, 5));
  list("VOCdevkit/VOC2012/ImageSets/Segmentation/trainaug.txt", "2008_000015\n");
  EXPECT_THAT(ids(*open("voc", "trainaug")), ElementsAre("2008_000015"));
}

TEST_F(Layouts, PascalContextWithAndWithoutBackground) {
  image("VOC2010/JPEGImages/2008_000002.jpg");
  label("VOC2010/SegmentationClassContext/2008_000002.png", {0, 1, 59, 255});
  list("VOC2010/ImageSets/SegmentationContext/train.txt", "2008_000002\n");
  EXPECT_THAT(labels(*open("pascal_context", "train")), ElementsAre(0, 1, 59, 255));
  EXPECT_THAT(labels(*open("pascal_context", "train", ", classes: 59")), ElementsAre(255, 0, 58, 255));
}

class Vspw : public Layouts {
 protected:
  void SetUp() override {
    for (uint8_t frame = 1; frame <= 4; ++frame) {
      const std::string name = "0000000" + std::to_string(frame);
      image("VSPW_480p/data/12_clip/origin/" + name + ".jpg");
      label("VSPW_480p/data/12_clip/mask/" + name + ".png", {0, frame, 124, 254});
    }
    list("VSPW_480p/train.txt", "12_clip\n");
    list("VSPW_480p/val.txt", "12_clip\n");
  }
};

TEST_F(Vspw, TrainingDrawsAFrameOfAClipForEachRead) {
  const auto dataset = open("vspw", "train");
  EXPECT_THAT(ids(*dataset), ElementsAre("12_clip"));
  std::set<int> frames;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<int> found = labels(*dataset, 0, seed);
    EXPECT_EQ(found, labels(*dataset, 0, seed));  // the sample's own random numbers decide
    EXPECT_THAT(found, ElementsAre(255, found[1], 123, 255));
    frames.insert(found[1]);
  }
  EXPECT_EQ(frames, (std::set<int>{0, 1, 2, 3}));
}

TEST_F(Vspw, EvaluationTakesEveryFrame) {
  const auto dataset = open("vspw", "val");
  EXPECT_THAT(ids(*dataset),
              ElementsAre("12_clip/00000001", "12_clip/00000002", "12_clip/00000003", "12_clip/00000004"));
  EXPECT_THAT(labels(*dataset, 2), ElementsAre(255, 2, 123, 255));
  EXPECT_EQ(open("vspw", "train", ", frames: all")->size(), 4);
}

TEST_F(Vspw, AClipThatIsMissingIsNamed) {
  list("VSPW_480p/train.txt", "12_clip\n13_clip\n");
  EXPECT_THAT(dataset_error("vspw", "root: .", "train", folder_.path()), HasSubstr("13_clip: no such folder"));
}

}  // namespace
}  // namespace sshost::data
