#include "image/png_row_writer.h"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::TempFolder;

cv::Mat noise(int type) {
  cv::Mat image(19, 31, type);
  cv::theRNG().state = 3;
  cv::randu(image, 0, image.depth() == CV_16U ? 65536 : 256);
  return image;
}

void write(const std::filesystem::path& path, PngPixel pixel, const cv::Mat& image) {
  PngRowWriter writer(path, {image.cols, image.rows, pixel});
  writer.write(image.rowRange(0, 5));
  EXPECT_FALSE(std::filesystem::exists(path)) << "before it is complete";
  writer.write(image.rowRange(5, image.rows));
  writer.commit();
}

TEST(PngRowWriter, WritesGreyAndColoursInPieces) {
  const TempFolder folder;
  const cv::Mat grey = noise(CV_8UC1), wide = noise(CV_16UC1), rgb = noise(CV_8UC3);
  write(folder / "8.png", PngPixel::kGrey8, grey);
  write(folder / "16.png", PngPixel::kGrey16, wide);
  write(folder / "rgb.png", PngPixel::kRgb, rgb);
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  const auto read = [&](const char* name) { return cv::imread((folder / name).string(), cv::IMREAD_UNCHANGED); };
  EXPECT_EQ(cv::norm(read("8.png"), grey, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(read("16.png"), wide, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(read("rgb.png"), bgr, cv::NORM_INF), 0);
}

TEST(PngRowWriter, LeavesNothingWhereItIsNotCompleted) {
  const TempFolder folder;
  {
    PngRowWriter writer(folder / "a.png", {4, 3, PngPixel::kGrey8});
    writer.write(cv::Mat::zeros(2, 4, CV_8UC1));
    EXPECT_THROW(writer.commit(), Error);
    EXPECT_THROW(writer.write(cv::Mat::zeros(2, 4, CV_8UC1)), Error) << "one row too many";
    EXPECT_THROW(writer.write(cv::Mat::zeros(1, 5, CV_8UC1)), Error);
    EXPECT_THROW(writer.write(cv::Mat::zeros(1, 4, CV_8UC3)), Error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_THROW(PngRowWriter(folder / "b.png", {4, 0, PngPixel::kGrey8}), Error);
  EXPECT_THROW(PngRowWriter(folder / "absent" / "b.png", {4, 3, PngPixel::kGrey8}), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace sshost::image
