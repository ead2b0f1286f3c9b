#include "report/picture.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace sshost::report {
namespace {

cv::Mat labels(std::initializer_list<int> values) {
  cv::Mat mask(1, static_cast<int>(values.size()), CV_32S);
  std::copy(values.begin(), values.end(), mask.ptr<int>());
  return mask;
}

TEST(Picture, PaintsClassesAndLeavesTheRestTransparent) {
  const cv::Mat painted = paint(labels({1, 255, -1, 2}), {{10, 20, 30}, {40, 50, 60}});
  EXPECT_EQ(painted.at<cv::Vec4b>(0, 0), cv::Vec4b(40, 50, 60, 255));
  for (const int x : {1, 2, 3}) EXPECT_EQ(painted.at<cv::Vec4b>(0, x)[3], 0) << x;
}

TEST(Picture, OutlinesRegionsAndLeavesABackgroundClear) {
  const Palette palette = make_palette({"background", "cat"}, {{10, 20, 30}, {200, 100, 0}});
  const cv::Mat painted = paint_outlined(labels({0, 0, 1, 1, 1, 0, 0}), palette);
  for (const int x : {0, 1, 6}) EXPECT_EQ(painted.at<cv::Vec4b>(0, x)[3], 0) << x;
  EXPECT_EQ(painted.at<cv::Vec4b>(0, 3), cv::Vec4b(200, 100, 0, 255));
  for (const int x : {2, 5}) EXPECT_EQ(painted.at<cv::Vec4b>(0, x), cv::Vec4b(90, 45, 0, 255)) << "an outline " << x;
}

TEST(Picture, MarksMistakesWhereTheTruthCounts) {
  const cv::Mat painted = paint_errors(labels({0, 1, 1}), labels({0, 0, 255}), 2);
  EXPECT_EQ(painted.at<cv::Vec4b>(0, 0)[3], 0);
  EXPECT_EQ(painted.at<cv::Vec4b>(0, 1)[3], 255);
  EXPECT_EQ(painted.at<cv::Vec4b>(0, 2)[3], 0);
  EXPECT_DOUBLE_EQ(agreement(labels({0, 1, 1}), labels({0, 0, 255}), 2), 0.5);
  EXPECT_TRUE(std::isnan(agreement(labels({0}), labels({255}), 2)));
}

TEST(Picture, RefusesMasksThatDoNotFitEachOther) { EXPECT_THROW(paint_errors(labels({0, 1}), labels({0}), 2), Error); }

TEST(Picture, ScalesDownKeepingLabels) {
  cv::Mat mask(200, 100, CV_32S, cv::Scalar(3));
  mask.colRange(50, 100).setTo(7);
  const cv::Mat small = fit_width(mask, 50, true);
  EXPECT_EQ(small.size(), cv::Size(50, 100));
  EXPECT_EQ(cv::countNonZero((small != 3) & (small != 7)), 0);
  EXPECT_EQ(fit_width(mask, 100, true).size(), mask.size());
}

TEST(Picture, EncodesBase64) {
  const auto encode = [](std::string_view text) { return base64({text.begin(), text.end()}); };
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg==");
  EXPECT_EQ(encode("fo"), "Zm8=");
  EXPECT_EQ(encode("foo"), "Zm9v");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64({0xff, 0xfe, 0xfd}), "//79");
}

TEST(Picture, GivesDataUris) {
  EXPECT_EQ(photo_uri(cv::Mat(4, 4, CV_8UC3, cv::Scalar(1, 2, 3))).substr(0, 23), "data:image/jpeg;base64,");
  EXPECT_EQ(mask_uri(cv::Mat(4, 4, CV_8UC4, cv::Scalar(1, 2, 3, 4))).substr(0, 22), "data:image/png;base64,");
  EXPECT_THROW(mask_uri(cv::Mat(0, 0, CV_8UC4)), std::exception);
}

}  // namespace
}  // namespace sshost::report
