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

}  // namespace
}  // namespace sshost::cli
