// All channels as they are stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "bridge/png_file.h"
#include "image/jpeg_file.h"
#include "image/picture.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using bridge::testing::PngFile;
using bridge::testing::write_png;
using test::message_of;
using test::TempFolder;
using testing::decode;
using ::testing::HasSubstr;
using testing::kHeight;
using testing::kWidth;
using testing::noise;
using testing::TiffFile;

class Samples : public ::testing::Test {
 protected:
  cv::Mat samples(const TiffFile& file) const {
    testing::write_tiff(folder_ / "a.tif", file);
    return read_image(folder_ / "a.tif", Mode::kSamples).pixels;
  }
  static TiffFile filled(TiffFile file) {
    file.width = kWidth;
    file.height = kHeight;
    file.pixels = noise(size_t{kWidth} * kHeight * file.samples * file.bits / 8);
    return file;
  }
  static void expect_stored(const cv::Mat& found, const std::vector<uint8_t>& pixels, int type) {
    ASSERT_EQ(found.type(), type);
    ASSERT_EQ(found.size(), cv::Size(kWidth, kHeight));
    const cv::Mat expected(found.size(), type, const_cast<uint8_t*>(pixels.data()));
    EXPECT_EQ(cv::norm(found.reshape(1), expected.reshape(1), cv::NORM_INF), 0);
  }

  TempFolder folder_;
};

constexpr uint16_t kGrey = PHOTOMETRIC_MINISBLACK;

TEST_F(Samples, OfAMultispectralTiffAreAllOfThem) {
  for (const uint16_t planes : {PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE}) {
    for (const uint16_t compression : {COMPRESSION_NONE, COMPRESSION_ADOBE_DEFLATE}) {
      for (const uint16_t bits : {uint16_t{8}, uint16_t{16}}) {
        const TiffFile file =
            filled({.bits = bits, .samples = 6, .photometric = kGrey, .compression = compression, .planes = planes});
        expect_stored(samples(file), file.pixels, bits == 8 ? CV_8UC(6) : CV_16UC(6));
      }
    }
  }
  const TiffFile tiles = filled({.bits = 16, .samples = 5, .photometric = kGrey, .tile = 16});
  expect_stored(samples(tiles), tiles.pixels, CV_16UC(5));
}

TEST_F(Samples, OfSignedOrRealNumbersKeepThem) {
  TiffFile file{.width = 2,
                .height = 1,
                .bits = 16,
                .samples = 2,
                .photometric = kGrey,
                .format = SAMPLEFORMAT_INT,
                .pixels = {0xF1, 0xD8, 1, 0, 2, 0, 3, 0}};
  const cv::Mat found = samples(file);
  ASSERT_EQ(found.type(), CV_32FC2);
  EXPECT_EQ(found.at<cv::Vec2f>(0, 0), cv::Vec2f(-9999, 1));
  EXPECT_EQ(found.at<cv::Vec2f>(0, 1), cv::Vec2f(2, 3));
  const float numbers[] = {0.25F, -7};
  file = {.width = 2, .height = 1, .bits = 32, .samples = 1, .photometric = kGrey, .format = SAMPLEFORMAT_IEEEFP};
  file.pixels.assign(reinterpret_cast<const uint8_t*>(numbers), reinterpret_cast<const uint8_t*>(numbers + 2));
  EXPECT_EQ(cv::norm(samples(file), cv::Mat(1, 2, CV_32F, const_cast<float*>(numbers)), cv::NORM_INF), 0);
}

TEST_F(Samples, ThatAreSignedOrRealHaveNoBlackAndWhite) {
  for (const uint16_t format : {SAMPLEFORMAT_INT, SAMPLEFORMAT_IEEEFP}) {
    TiffFile file = filled({.bits = format == SAMPLEFORMAT_INT ? uint16_t{16} : uint16_t{32}, .format = format});
    testing::write_tiff(folder_ / "a.tif", file);
    EXPECT_THAT(message_of<Error>([&] { read_image(folder_ / "a.tif", Mode::kRgb); }), HasSubstr("data.channels"));
  }
}

TEST_F(Samples, OfATiffWhereWhiteIsZeroAreTurnedAround) {
  TiffFile file = filled({.samples = 6, .photometric = PHOTOMETRIC_MINISWHITE});
  const cv::Mat found = samples(file);
  for (uint8_t& value : file.pixels) value = static_cast<uint8_t>(255 - value);
  expect_stored(found, file.pixels, CV_8UC(6));
}

TEST_F(Samples, OfATiffWithAlphaAreNotMultiplied) {
  const TiffFile file = filled({.samples = 4, .alpha = EXTRASAMPLE_UNASSALPHA});
  expect_stored(samples(file), file.pixels, CV_8UC4);
}

TEST_F(Samples, OfATiffAreTurnedByItsOrientation) {
  const TiffFile upright = filled({.samples = 6, .photometric = kGrey});
  TiffFile turned = upright;
  turned.orientation = ORIENTATION_BOTRIGHT;
  cv::Mat expected;
  cv::flip(samples(upright), expected, -1);
  EXPECT_EQ(cv::norm(samples(turned).reshape(1), expected.reshape(1), cv::NORM_INF), 0);
}

TEST_F(Samples, OfAPngKeepAlphaAnd16Bits) {
  struct Case {
    int bits, color_type, type;
  };
  for (const Case& each : {Case{8, PNG_COLOR_TYPE_RGBA, CV_8UC4}, Case{8, PNG_COLOR_TYPE_GRAY_ALPHA, CV_8UC2},
                           Case{8, PNG_COLOR_TYPE_GRAY, CV_8UC1}, Case{8, PNG_COLOR_TYPE_RGB, CV_8UC3}}) {
    PngFile png{kWidth, kHeight, each.bits, each.color_type};
    png.rows = noise(size_t{kWidth} * kHeight * CV_ELEM_SIZE(each.type));
    write_png(folder_ / "a.png", png);
    expect_stored(read_image(folder_ / "a.png", Mode::kSamples).pixels, png.rows, each.type);
  }
  PngFile deep{1, 1, 16, PNG_COLOR_TYPE_RGBA};
  deep.rows = {0, 1, 1, 0, 0x12, 0x34, 0xFF, 0xFF};
  write_png(folder_ / "deep.png", deep);
  const cv::Mat pixels = read_image(folder_ / "deep.png", Mode::kSamples).pixels;
  EXPECT_EQ((pixels.at<cv::Vec<uint16_t, 4>>(0, 0)), (cv::Vec<uint16_t, 4>(1, 256, 0x1234, 0xFFFF)));
}

TEST_F(Samples, OfOtherFormatsAreTheirChannels) {
  EXPECT_EQ(decode("P2 1 1 255 7", Mode::kSamples).pixels.type(), CV_8UC1);
  EXPECT_EQ(decode("P3 1 1 255 7 8 9", Mode::kSamples).pixels.type(), CV_8UC3);
  EXPECT_EQ(decode("P2 1 1 999 700", Mode::kSamples).pixels.at<uint16_t>(0, 0), 700);
  const std::string grey = testing::jpeg_bytes({.width = 8,
                                                .height = 8,
                                                .input = JCS_GRAYSCALE,
                                                .stored = JCS_GRAYSCALE,
                                                .horizontal = 1,
                                                .vertical = 1,
                                                .pixels = std::vector<uint8_t>(64, 7)});
  EXPECT_EQ(decode(grey, Mode::kSamples).pixels.type(), CV_8UC1);
}

TEST_F(Samples, AreNotMoreThanAPixelMayHave) {
  const TiffFile file = filled({.samples = 65, .photometric = kGrey});
  EXPECT_THAT(message_of<Error>([&] { samples(file); }), HasSubstr("65 samples"));
}

TEST_F(Samples, BeyondFourAreNoColours) {
  testing::write_tiff(folder_ / "a.tif", filled({.samples = 6, .photometric = kGrey}));
  EXPECT_THAT(message_of<Error>([&] { read_image(folder_ / "a.tif", Mode::kRgb); }), HasSubstr("6 samples"));
}

}  // namespace
}  // namespace sshost::image
