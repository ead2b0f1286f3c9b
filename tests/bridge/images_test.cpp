#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "image/exif_data.h"
#include "png_file.h"
#include "temp_folder.h"

namespace sshost::bridge::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// One decoded image, released with its scope.
struct Decoded {
  Decoded(const std::filesystem::path& path, ss_image_mode mode) {
    image.size = sizeof(ss_image);
    const std::string text = path.string();
    status = images_table()->read(to_ss_string(text), mode, &image);
  }
  ~Decoded() { images_table()->release(&image); }
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;

  template <typename Element>
  std::vector<Element> pixels() const {
    const auto* first = static_cast<const Element*>(image.pixels);
    return {first, first + image.height * image.width * image.channels};
  }

  ss_image image{};
  ss_status status;
};

using Bytes = std::vector<uint8_t>;

constexpr int kQuarterTurn = 6;  // in EXIF: the camera was held upright

class Images : public ::testing::Test {
 protected:
  std::filesystem::path write_bytes(const char* name, const Bytes& bytes) const {
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return folder / name;
  }
  std::filesystem::path write_image(const char* name, const cv::Mat& image) const {
    EXPECT_TRUE(cv::imwrite((folder / name).string(), image));
    return folder / name;
  }
  static Bytes read_bytes(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void expect_io_error(const std::filesystem::path& path, ss_image_mode mode, const std::string& reason) {
    EXPECT_EQ(Decoded(path, mode).status, SS_IO) << path;
    EXPECT_THAT(std::string(message()), AllOf(HasSubstr(path.string()), HasSubstr(reason)));
  }

  const test::TempFolder folder;
  const std::vector<png_color> palette = {{0, 0, 0}, {128, 0, 0}, {0, 128, 0}, {224, 224, 192}};
};

TEST_F(Images, APalettePngGivesItsIndicesAsALabel) {
  write_png(folder / "p8.png", {.width = 3, .height = 2, .palette = palette, .rows = {0, 1, 2, 3, 2, 1}});
  const Decoded label(folder / "p8.png", SS_IMAGE_LABEL);
  ASSERT_EQ(label.status, SS_OK) << message();
  EXPECT_EQ(label.image.dtype, SS_UINT8);
  EXPECT_EQ(label.image.width, 3);
  EXPECT_EQ(label.image.height, 2);
  EXPECT_EQ(label.image.channels, 1);
  EXPECT_EQ(label.pixels<uint8_t>(), (Bytes{0, 1, 2, 3, 2, 1}));
}

TEST_F(Images, APalettePngGivesItsColoursAsAnImage) {
  write_png(folder / "p8.png", {.width = 2, .height = 1, .palette = palette, .rows = {1, 3}});
  const Decoded image(folder / "p8.png", SS_IMAGE_RGB);
  ASSERT_EQ(image.status, SS_OK) << message();
  EXPECT_EQ(image.pixels<uint8_t>(), (Bytes{128, 0, 0, 224, 224, 192}));
}

TEST_F(Images, PackedAndInterlacedLabelsAreUnpacked) {
  write_png(folder / "p4.png", {.width = 3, .height = 1, .bits = 4, .palette = palette, .rows = {0x12, 0x30}});
  EXPECT_EQ(Decoded(folder / "p4.png", SS_IMAGE_LABEL).pixels<uint8_t>(), (Bytes{1, 2, 3}));
  write_png(folder / "g1.png",
            {.width = 4, .height = 1, .bits = 1, .color_type = PNG_COLOR_TYPE_GRAY, .palette = {}, .rows = {0x60}});
  EXPECT_EQ(Decoded(folder / "g1.png", SS_IMAGE_LABEL).pixels<uint8_t>(), (Bytes{0, 1, 1, 0}));
  write_png(folder / "i.png",
            {.width = 2, .height = 3, .interlaced = true, .palette = palette, .rows = {0, 1, 2, 3, 1, 0}});
  EXPECT_EQ(Decoded(folder / "i.png", SS_IMAGE_LABEL).pixels<uint8_t>(), (Bytes{0, 1, 2, 3, 1, 0}));
}

TEST_F(Images, ALabelOf16BitsKeepsItsValues) {
  const cv::Mat stored = (cv::Mat_<uint16_t>(1, 3) << 0, 300, 65535);
  for (const char* name : {"l.png", "l.tiff"}) {
    const Decoded label(write_image(name, stored), SS_IMAGE_LABEL);
    ASSERT_EQ(label.status, SS_OK) << message();
    EXPECT_EQ(label.image.dtype, SS_INT32);
    EXPECT_EQ(label.pixels<int32_t>(), (std::vector<int32_t>{0, 300, 65535}));
  }
}

TEST_F(Images, AGreyBitmapIsALabel) {
  const cv::Mat stored = (cv::Mat_<uint8_t>(2, 2) << 4, 3, 2, 255);
  EXPECT_EQ(Decoded(write_image("l.bmp", stored), SS_IMAGE_LABEL).pixels<uint8_t>(), (Bytes{4, 3, 2, 255}));
}

TEST_F(Images, ColoursAreNoLabel) {
  const cv::Mat stored(2, 2, CV_8UC3, cv::Scalar(1, 2, 3));
  expect_io_error(write_image("c.png", stored), SS_IMAGE_LABEL, "one channel");
  expect_io_error(write_image("c.bmp", stored), SS_IMAGE_LABEL, "one channel");
}

TEST_F(Images, AnImageIsRgbWhateverIsStored) {
  const cv::Mat colour(1, 1, CV_8UC3, cv::Scalar(1, 2, 3));
  EXPECT_EQ(Decoded(write_image("c.png", colour), SS_IMAGE_RGB).pixels<uint8_t>(), (Bytes{3, 2, 1}));
  const cv::Mat with_alpha(1, 1, CV_8UC4, cv::Scalar(1, 2, 3, 0));
  EXPECT_EQ(Decoded(write_image("a.png", with_alpha), SS_IMAGE_RGB).pixels<uint8_t>(), (Bytes{3, 2, 1}));
  const cv::Mat deep(1, 1, CV_16UC3, cv::Scalar(0x0100, 0x0200, 0xFFFF));
  EXPECT_EQ(Decoded(write_image("d.png", deep), SS_IMAGE_RGB).pixels<uint8_t>(), (Bytes{255, 2, 1}));
  const cv::Mat grey(1, 1, CV_8UC1, cv::Scalar(9));
  EXPECT_EQ(Decoded(write_image("g.png", grey), SS_IMAGE_RGB).pixels<uint8_t>(), (Bytes{9, 9, 9}));
}

TEST_F(Images, APhotographIsTurnedUpright) {
  cv::Mat stored(8, 16, CV_8UC3, cv::Scalar(0, 0, 200));  // red on the left, blue on the right
  stored.colRange(8, 16) = cv::Scalar(200, 0, 0);
  Bytes jpeg = read_bytes(write_image("plain.jpg", stored));
  Bytes segment = {0xFF, 0xE1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};
  const Bytes exif = image::testing::exif_data(kQuarterTurn, true);
  segment.insert(segment.end(), exif.begin(), exif.end());
  segment[3] = static_cast<uint8_t>(segment.size() - 2);
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  const Decoded decoded(write_bytes("turned.jpg", jpeg), SS_IMAGE_RGB);
  ASSERT_EQ(decoded.status, SS_OK) << message();
  EXPECT_EQ(decoded.image.width, 8);
  EXPECT_EQ(decoded.image.height, 16);
  const auto pixels = decoded.pixels<uint8_t>();
  EXPECT_GT(pixels[0], pixels[2]) << "red is on top";
  EXPECT_LT(pixels[pixels.size() - 3], pixels.back()) << "blue at the bottom";
}

TEST_F(Images, ALabelIsNotTurned) {
  PngFile png{2, 1, 8, PNG_COLOR_TYPE_GRAY};
  png.rows = {3, 4};
  png.exif = image::testing::exif_data(kQuarterTurn, true);
  write_png(folder / "l.png", png);
  const Decoded label(folder / "l.png", SS_IMAGE_LABEL);
  EXPECT_EQ(label.image.width, 2);
  EXPECT_EQ(label.pixels<uint8_t>(), (Bytes{3, 4}));
  const Decoded colors(folder / "l.png", SS_IMAGE_COLOR_LABEL);
  EXPECT_EQ(colors.image.width, 2);
  EXPECT_EQ(colors.pixels<uint8_t>(), (Bytes{3, 3, 3, 4, 4, 4}));
  EXPECT_EQ(Decoded(folder / "l.png", SS_IMAGE_RGB).image.width, 1) << "the file has no orientation to leave alone";
}

TEST_F(Images, FilesThatCannotBeDecodedAreNamed) {
  const cv::Mat picture(64, 64, CV_8UC3, cv::Scalar(10, 100, 200));
  cv::randu(picture, 0, 255);
  Bytes png = read_bytes(write_image("x.png", picture)), jpeg = read_bytes(write_image("x.jpg", picture));
  png.resize(png.size() / 2);
  jpeg.resize(jpeg.size() / 2);
  expect_io_error(folder / "absent.png", SS_IMAGE_RGB, "no such file");
  expect_io_error(folder.path(), SS_IMAGE_RGB, "not a regular file");
  expect_io_error(write_bytes("empty.png", {}), SS_IMAGE_RGB, "empty");
  expect_io_error(write_bytes("text.png", {'h', 'e', 'l', 'l', 'o'}), SS_IMAGE_RGB, "cannot be decoded");
  expect_io_error(write_bytes("text.png", {'h', 'e', 'l', 'l', 'o'}), SS_IMAGE_LABEL, "cannot be decoded");
  expect_io_error(write_bytes("half.png", png), SS_IMAGE_RGB, "cannot be decoded");
  expect_io_error(write_bytes("half.jpg", jpeg), SS_IMAGE_RGB, "ends too early");
}

TEST_F(Images, ABrokenLabelIsNamed) {
  write_png(folder / "p.png", {.width = 3, .height = 1, .palette = palette, .rows = {0, 1, 2}});
  Bytes png = read_bytes(folder / "p.png");
  Bytes half = png, flipped = png;
  half.resize(50);
  flipped[20] ^= 1U;  // the header's check sum no longer fits
  expect_io_error(write_bytes("half.png", half), SS_IMAGE_LABEL, "ends too early");
  expect_io_error(write_bytes("flipped.png", flipped), SS_IMAGE_LABEL, "broken PNG");
}

TEST_F(Images, AHugeClaimIsRefusedBeforeItIsAllocated) {
  write_png(folder / "p.png", {.width = 1, .height = 1, .palette = palette, .rows = {0}});
  Bytes png = read_bytes(folder / "p.png");
  const Bytes side = {0, 1, 0, 0};  // 65536
  std::copy(side.begin(), side.end(), png.begin() + 16);
  std::copy(side.begin(), side.end(), png.begin() + 20);
  for (ss_image_mode mode : {SS_IMAGE_RGB, SS_IMAGE_LABEL}) {
    expect_io_error(write_bytes("bomb.png", png), mode, "{height: 65536, width: 65536} pixels");
  }
}

TEST_F(Images, AnUnknownModeAndAMissingSizeAreRefused) {
  const std::string path = write_image("c.png", cv::Mat::zeros(1, 1, CV_8UC1)).string();
  EXPECT_EQ(Decoded(path, 7).status, SS_INVALID_ARGUMENT);
  ss_image image{};
  EXPECT_EQ(images_table()->read(to_ss_string(path), SS_IMAGE_RGB, &image), SS_INVALID_ARGUMENT);
  EXPECT_EQ(image.owner, nullptr);
}

TEST_F(Images, ReleasingTwiceIsHarmless) {
  Decoded image(write_image("c.png", cv::Mat::zeros(1, 1, CV_8UC1)), SS_IMAGE_RGB);
  images_table()->release(&image.image);
  EXPECT_EQ(image.image.pixels, nullptr);
  images_table()->release(&image.image);
  images_table()->release(nullptr);
}

}  // namespace
}  // namespace sshost::bridge::testing
