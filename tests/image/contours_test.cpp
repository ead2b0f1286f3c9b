#include "image/contours.h"

#include <gtest/gtest.h>

namespace sshost::image {
namespace {

// A square of class 1 on class 0, cells 2 to 4 of 7.
cv::Mat square() {
  cv::Mat classes(7, 7, CV_32S, cv::Scalar(0));
  classes(cv::Rect(2, 2, 3, 3)).setTo(1);
  return classes;
}

TEST(Contours, SurroundARegionAndNothingElse) {
  const cv::Mat outlines = Contours({false, true}, 1).next(square());
  EXPECT_EQ(outlines.at<int>(2, 2), 1) << "its first pixel";
  EXPECT_EQ(outlines.at<int>(4, 5), 1) << "to its right";
  EXPECT_EQ(outlines.at<int>(5, 3), 1) << "below";
  EXPECT_EQ(outlines.at<int>(3, 3), -1) << "inside";
  EXPECT_EQ(outlines.at<int>(0, 0), -1);
  EXPECT_EQ(cv::countNonZero(outlines != -1), 11) << "5 of its own, 3 to its right, 3 below";
}

TEST(Contours, OfTwoDrawnClassesAreThePixelsOwn) {
  const cv::Mat outlines = Contours({true, true}, 1).next(square());
  EXPECT_EQ(outlines.at<int>(2, 2), 1);
  EXPECT_EQ(outlines.at<int>(4, 5), 0);
}

TEST(Contours, AreTheSameInStrips) {
  for (const int thickness : {1, 2, 3}) {
    const cv::Mat classes = square();
    const cv::Mat whole = Contours({false, true}, thickness).next(classes);
    Contours strips({false, true}, thickness);
    for (int y = 0; y < classes.rows; ++y) {
      EXPECT_EQ(cv::countNonZero(strips.next(classes.row(y)) != whole.row(y)), 0) << thickness << ", row " << y;
    }
  }
}

TEST(Contours, PassOverWhatIsNoClass) {
  cv::Mat classes = square();
  classes.setTo(255, classes == 1);
  EXPECT_EQ(cv::countNonZero(Contours({false, true}, 1).next(classes) != -1), 0);
}

}  // namespace
}  // namespace sshost::image
