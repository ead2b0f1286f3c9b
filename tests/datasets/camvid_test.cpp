#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "datasets/support.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CamVid : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b"}) {
      write_image(folder_, std::string("train/") + name + ".png", cv::Mat(4, 6, CV_8UC3, cv::Scalar(30, 20, 10)));
      write_image(folder_, std::string("trainannot/") + name + ".png", cv::Mat(4, 6, CV_8U, cv::Scalar(11)));
    }
    write_text(folder_, "train.txt", "train/a.png trainannot/a.png\n\ntrain/b.png trainannot/b.png\n");
  }
  std::string error() const { return dataset_error("camvid", "root: .", "train", folder_.path()); }

  test::TempFolder folder_;
};

TEST_F(CamVid, ReadsTheListedPairs) {
  const auto dataset = open_dataset("camvid", "root: .", "train", folder_.path());
  EXPECT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->classes(), 11);
  EXPECT_EQ(dataset->info().ignore_index, 11);
  EXPECT_EQ(dataset->describe(1).id, "b");
  const Sample sample = read_one(*dataset, 1);
  EXPECT_EQ(sample.image.at<cv::Vec3b>(0, 0), cv::Vec3b(10, 20, 30));  // RGB
  EXPECT_EQ(sample.label.at<int32_t>(3, 5), 11);
}

// The list that SegNet's authors published names a folder of theirs; others have Windows' separators.
TEST_F(CamVid, ReadsPathsWhoseEndLeadsToAFile) {
  write_text(folder_, "train.txt",
             "/SegNet/CamVid/train/a.png /SegNet/CamVid/trainannot/a.png\ntrain\\b.png trainannot\\b.png\n");
  const auto dataset = open_dataset("camvid", "root: .", "train", folder_.path());
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->describe(0).id, "a");
  EXPECT_EQ(read_one(*dataset, 1).label.at<int32_t>(3, 5), 11);
  write_text(folder_, "train.txt", "/SegNet/CamVid/train/c.png /SegNet/CamVid/trainannot/a.png\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("train.txt:1:"), HasSubstr("SegNet/CamVid/train/c.png")));
}

TEST_F(CamVid, NamesTheListThatIsMissing) {
  EXPECT_THAT(dataset_error("camvid", "root: .", "val", folder_.path()),
              AllOf(HasSubstr("dataset camvid ("), HasSubstr((folder_.path() / "val.txt").string())));
}

TEST_F(CamVid, NamesTheLineThatIsWrong) {
  write_text(folder_, "train.txt", "train/a.png trainannot/a.png\ntrain/b.png\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("train.txt:2:"), HasSubstr("\"train/b.png\"")));
}

TEST_F(CamVid, ABrokenImageIsNamedByItsPath) {
  write_text(folder_, "train/a.png", "this is no image");
  EXPECT_THAT(error(), AllOf(HasSubstr("dataset camvid ("), HasSubstr("sample 0 \"a\""),
                             HasSubstr((folder_.path() / "train/a.png").string())));
}

TEST_F(CamVid, AMissingLabelIsNamedByItsPath) {
  std::filesystem::remove(folder_.path() / "trainannot/a.png");
  EXPECT_THAT(error(), HasSubstr((folder_.path() / "trainannot/a.png").string()));
}

TEST_F(CamVid, ALabelOfAnotherSizeIsAnError) {
  write_image(folder_, "trainannot/a.png", cv::Mat(4, 5, CV_8U, cv::Scalar(0)));
  EXPECT_THAT(error(), AllOf(HasSubstr("the image is {height: 4, width: 6}, its label "),
                             HasSubstr("trainannot/a.png {height: 4, width: 5}")));
}

TEST_F(CamVid, AListThatIsNoRegularFileIsRefusedAndNotWaitedFor) {
  std::filesystem::remove(folder_.path() / "train.txt");
  ASSERT_EQ(mkfifo((folder_ / "train.txt").c_str(), 0600), 0);
  EXPECT_THAT(error(), HasSubstr("train.txt: expected a regular file"));
}

TEST_F(CamVid, RootIsRequired) { EXPECT_THAT(dataset_error("camvid", "{}", "train"), HasSubstr("root")); }

TEST(CamVidFrames, EverySplitIsThere) {
  const std::filesystem::path shared = SSHOST_SHARED_DIR;
  if (!std::filesystem::exists(shared / "data" / "camvid")) GTEST_SKIP() << "no frames in " << shared;
  for (const auto& [split, count] : {std::pair{"train", 367}, std::pair{"val", 101}, std::pair{"test", 233}}) {
    const auto dataset = open_dataset("camvid", "root: data/camvid", split, shared);
    EXPECT_EQ(dataset->size(), count);
    const Sample sample = read_one(*dataset, count - 1);
    EXPECT_EQ(sample.image.size(), cv::Size(480, 360));
    EXPECT_EQ(sample.label.size(), cv::Size(480, 360));
  }
}

}  // namespace
}  // namespace sshost::data
