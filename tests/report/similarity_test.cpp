#include "report/similarity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sshost::report {
namespace {

using testing::HasSubstr;
using testing::Not;

SimilarityMap small_map(bool is_distance = false) {
  const cv::Mat values = (cv::Mat_<double>(3, 3) << 1, -1, 0, -1, 1, NAN, 0, NAN, 1);
  return {{"sky", "<road>", "a \"sign\""}, values.clone(), is_distance};
}

TEST(Similarity, GoesFromBlueOverWhiteToRed) {
  const cv::Mat colors = color_similarity(small_map());
  const auto alike = colors.at<cv::Vec3b>(0, 0), opposite = colors.at<cv::Vec3b>(0, 1),
             square = colors.at<cv::Vec3b>(0, 2);
  EXPECT_GT(alike[0], alike[2] + 100);
  EXPECT_GT(opposite[2], opposite[0] + 100);
  EXPECT_EQ(square, cv::Vec3b(250, 250, 250));
  EXPECT_EQ(colors.at<cv::Vec3b>(1, 2), square) << "what is not defined";
}

TEST(Similarity, ADistanceOfZeroIsRed) {
  const cv::Mat values = (cv::Mat_<double>(2, 2) << 0, 8, 8, 0);
  const cv::Mat colors = color_similarity({{"a", "b"}, values, true});
  EXPECT_GT(colors.at<cv::Vec3b>(0, 0)[0], colors.at<cv::Vec3b>(0, 0)[1] + 100);
  EXPECT_EQ(colors.at<cv::Vec3b>(0, 1), cv::Vec3b(250, 250, 250));
}

// The map is the largest square of the picture: every cell has its colour in its middle.
TEST(Similarity, ThePictureHasEveryCellInItsPlace) {
  SimilarityMap map = small_map();
  const cv::Mat picture = draw_similarity(map);
  const cv::Mat colors = color_similarity(map);
  cv::Point corner(-1, -1);
  for (int y = 0; y < picture.rows && corner.x < 0; ++y) {
    for (int x = 0; x < picture.cols && corner.x < 0; ++x) {
      if (picture.at<cv::Vec3b>(y, x) == colors.at<cv::Vec3b>(0, 0)) corner = {x, y};
    }
  }
  ASSERT_GE(corner.x, 0);
  const int cell = 30;
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 3; ++x) {
      EXPECT_EQ(picture.at<cv::Vec3b>(corner.y + y * cell + cell / 2, corner.x + x * cell + cell / 2),
                colors.at<cv::Vec3b>(y, x));
    }
  }
}

TEST(Similarity, ThePageNeedsNothingElseAndEscapes) {
  const std::string page = similarity_page("memory <x>", "step 1", small_map(), "<p>table</p>");
  for (const char* part :
       {"memory &lt;x&gt;", "data:image/png;base64,", "&lt;road&gt;", "a &quot;sign&quot;", "<p>table</p>", "–"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  for (const char* part : {"http:", "https:", "<link", "nan", "<road>"}) EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(Similarity, ThePageNamesItsAxesWritesItsValuesAndHasAScale) {
  const std::string page = similarity_page("memory", "step 1", small_map(), "");
  for (const char* part : {"class ↓", "class →", ">sky</text>", ">-1</text>", "linear-gradient(", ">-0.5</b>"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

}  // namespace
}  // namespace sshost::report
