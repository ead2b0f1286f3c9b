#include "output/mask_image.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "output/overlay.h"
#include "temp_folder.h"

namespace sshost::output {
namespace {

using test::TempFolder;

std::vector<data::Class> palette_of(int64_t count) {
  std::vector<data::Class> classes;
  for (int64_t i = 0; i < count; ++i) {
    classes.push_back(
        {"c", {static_cast<uint8_t>(i * 7), static_cast<uint8_t>(i * 3 + 1), static_cast<uint8_t>(i)}, i});
  }
  return classes;
}

// The indices, as a data set's plugin would read them.
at::Tensor read_indices(const std::filesystem::path& path) {
  ss_image image{};
  image.size = sizeof image;
  const auto& table = *bridge::images_table();
  bridge::check(table.read(bridge::to_ss_string(path.native()), SS_IMAGE_LABEL, &image), "test");
  const at::Tensor view = at::from_blob(const_cast<void*>(image.pixels), {image.height, image.width},
                                        image.dtype == SS_UINT8 ? at::kByte : at::kInt);
  const at::Tensor copy = view.to(at::kLong, /*non_blocking=*/false, /*copy=*/true);
  table.release(&image);
  return copy;
}

class Palette : public testing::TestWithParam<int64_t> {};

TEST_P(Palette, IndicesComeBackAndViewersSeeColors) {
  const TempFolder folder;
  const int64_t count = GetParam();
  const auto palette = palette_of(count);
  const at::Tensor classes = at::arange(17 * 13, at::kLong).view({17, 13}).remainder(count);
  write_mask(folder / "mask.png", classes, palette);
  EXPECT_TRUE(read_indices(folder / "mask.png").equal(classes));
  if (count > 256) return;
  const cv::Mat shown = cv::imread((folder / "mask.png").string(), cv::IMREAD_COLOR);
  const cv::Vec3b last = shown.at<cv::Vec3b>(16, 12);
  const auto& color = palette[static_cast<size_t>(classes[16][12].item<int64_t>())].color;
  EXPECT_EQ(last, cv::Vec3b(color[2], color[1], color[0]));
}

INSTANTIATE_TEST_SUITE_P(MaskImage, Palette, testing::Values(2, 11, 150, 256, 300));

TEST_P(Palette, PlainIndicesAreGrey) {
  const TempFolder folder;
  const at::Tensor classes = at::arange(17 * 13, at::kLong).view({17, 13}).remainder(GetParam());
  write_index(folder / "mask.png", classes, GetParam());
  const cv::Mat stored = cv::imread((folder / "mask.png").string(), cv::IMREAD_UNCHANGED);
  EXPECT_EQ(stored.type(), GetParam() <= 256 ? CV_8UC1 : CV_16UC1);
  EXPECT_TRUE(read_indices(folder / "mask.png").equal(classes));
}

TEST(MaskImage, LeavesNoFileWhereItCannotBeWritten) {
  const TempFolder folder;
  EXPECT_THROW(write_mask(folder / "absent" / "a.png", at::zeros({2, 2}, at::kLong), palette_of(2)), Error);
  EXPECT_THROW(write_mask(folder / "a.png", at::zeros({2, 0}, at::kLong), palette_of(2)), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(MaskImage, ShowsOtherLabelsInBlack) {
  const cv::Mat colors = color_mask(at::tensor({1, 255, -1, 0}, at::kLong).view({2, 2}), palette_of(2));
  EXPECT_EQ(colors.at<cv::Vec3b>(0, 0), cv::Vec3b(7, 4, 1));
  EXPECT_EQ(colors.at<cv::Vec3b>(0, 1), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(colors.at<cv::Vec3b>(1, 0), cv::Vec3b(0, 0, 0));
}

TEST(MaskImage, AnOverlayIsHalfImageHalfMask) {
  const cv::Mat image(1, 1, CV_8UC3, cv::Scalar(100, 200, 50));
  const cv::Mat overlay = overlay_mask(image, at::ones({1, 1}, at::kLong), {{"a", {}, 0}, {"b", {200, 0, 50}, 1}});
  EXPECT_EQ(overlay.at<cv::Vec3b>(0, 0), cv::Vec3b(150, 100, 50));
}

// A cat of 3 x 3 pixels on the background.
at::Tensor cat() {
  at::Tensor classes = at::zeros({6, 6}, at::kLong);
  classes.slice(0, 1, 4).slice(1, 1, 4).fill_(1);
  return classes;
}

const std::vector<data::Class> kCatClasses = {{"background", {9, 9, 9}, 0}, {"cat", {200, 0, 50}, 1}};

TEST(Overlay, LeavesABackgroundClearAndOutlinesTheRest) {
  const cv::Mat image(6, 6, CV_8UC3, cv::Scalar(100, 200, 50));
  const cv::Mat overlay = overlay_mask(image, cat(), kCatClasses);
  EXPECT_EQ(overlay.at<cv::Vec3b>(0, 0), cv::Vec3b(100, 200, 50));
  EXPECT_EQ(overlay.at<cv::Vec3b>(1, 1), cv::Vec3b(200, 0, 50)) << "the outline";
  EXPECT_EQ(overlay.at<cv::Vec3b>(2, 2), cv::Vec3b(150, 100, 50)) << "inside";
}

TEST(Overlay, DrawsAWhiteClassInAColorToSeeAndLeavesClearWhatIsOfNone) {
  const cv::Mat image(6, 6, CV_8UC3, cv::Scalar::all(250));
  at::Tensor classes = cat();
  classes.slice(0, 5, 6).fill_(-1);
  const cv::Mat overlay = overlay_mask(image, classes, {{"background", {0, 0, 0}, 0}, {"cat", {255, 255, 255}, 1}});
  const auto inside = overlay.at<cv::Vec3b>(2, 2);
  EXPECT_GT(cv::norm(inside, cv::Vec3b(250, 250, 250)), 60);
  EXPECT_EQ(overlay.at<cv::Vec3b>(5, 0), cv::Vec3b(250, 250, 250));
}

TEST(Overlay, IsTheSameInStrips) {
  const cv::Mat image(6, 6, CV_8UC3, cv::Scalar(100, 200, 50));
  const cv::Mat whole = overlay_mask(image, cat(), kCatClasses);
  Overlay strips(kCatClasses, image.cols);
  for (int y = 0; y < image.rows; y += 2) {
    const cv::Mat rows = strips.next(image.rowRange(y, y + 2), cat().slice(0, y, y + 2));
    EXPECT_EQ(cv::norm(rows, whole.rowRange(y, y + 2)), 0) << y;
  }
}

TEST(MaskImage, WritesRgb) {
  const TempFolder folder;
  write_image(folder / "a.png", cv::Mat(2, 2, CV_8UC3, cv::Scalar(10, 20, 30)));
  EXPECT_EQ(cv::imread((folder / "a.png").string()).at<cv::Vec3b>(0, 0), cv::Vec3b(30, 20, 10));
  EXPECT_THROW(write_image(folder / "absent" / "a.png", cv::Mat(2, 2, CV_8UC3)), Error);
  EXPECT_THROW(write_image(folder / "a.nothing", cv::Mat(2, 2, CV_8UC3)), Error);
}

}  // namespace
}  // namespace sshost::output
