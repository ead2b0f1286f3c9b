// Labels are what is stored: indices where there is a palette, grey values as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/error.h"
#include "image/bmp_file.h"
#include "image/exif_data.h"
#include "image/picture.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::message_of;
using test::TempFolder;
using testing::BmpFile;
using testing::decode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TiffFile;

std::vector<int> values(const cv::Mat& label) {
  cv::Mat wide;
  label.convertTo(wide, CV_32S);
  return {wide.begin<int>(), wide.end<int>()};
}

TEST(Label, OfABitmapIsItsIndicesWhateverThePalette) {
  for (const uint8_t step : {uint8_t{1}, uint8_t{100}}) {
    BmpFile file{4, 1, 8};
    for (int i = 0; i < 3; ++i) {
      const auto grey = static_cast<uint8_t>(i * step);
      file.palette.push_back({grey, grey, grey});
    }
    file.pixels = {2, 1, 0, 1};
    EXPECT_THAT(values(decode(testing::bmp_bytes(file), Mode::kLabel).pixels), ElementsAre(2, 1, 0, 1));
  }
  const BmpFile bits{4, 1, 1, 0, {{0, 0, 0}, {255, 255, 255}}, {}, {0x60, 0, 0, 0}};
  EXPECT_THAT(values(decode(testing::bmp_bytes(bits), Mode::kLabel).pixels), ElementsAre(0, 1, 1, 0));
  const BmpFile runs{4, 1, 8, 1, {{0, 0, 0}, {9, 9, 9}}, {}, {3, 1, 1, 0, 0, 1}};
  EXPECT_THAT(values(decode(testing::bmp_bytes(runs), Mode::kLabel).pixels), ElementsAre(1, 1, 1, 0));
}

TEST(Label, OfAPnmIsItsValues) {
  EXPECT_THAT(values(decode("P2 3 1 15 4 0 15", Mode::kLabel).pixels), ElementsAre(4, 0, 15));
  EXPECT_THAT(values(decode(std::string("P5 2 1 999\n\x01\x02\x03\x04", 15), Mode::kLabel).pixels),
              ElementsAre(0x102, 0x304));
  EXPECT_THAT(values(decode("P1 4 1 1010", Mode::kLabel).pixels), ElementsAre(0, 1, 0, 1)) << "black is 0";
}

class TiffLabel : public ::testing::Test {
 protected:
  cv::Mat label(const TiffFile& file) const {
    testing::write_tiff(folder_ / "l.tif", file);
    return read_image(folder_ / "l.tif", Mode::kLabel).pixels;
  }
  static TiffFile grey(std::vector<uint8_t> pixels, TiffFile file = {}) {
    file.width = 4;
    file.height = 1;
    file.samples = 1;
    file.strip_rows = 1;
    if (file.photometric == PHOTOMETRIC_RGB) file.photometric = PHOTOMETRIC_MINISBLACK;
    file.pixels = std::move(pixels);
    return file;
  }

  TempFolder folder_;
};

TEST_F(TiffLabel, IsWhatIsStored) {
  EXPECT_THAT(values(label(grey({3, 0, 255, 7}))), ElementsAre(3, 0, 255, 7));
  EXPECT_THAT(values(label(grey({3, 0, 255, 7}, {.photometric = PHOTOMETRIC_PALETTE}))), ElementsAre(3, 0, 255, 7));
  EXPECT_THAT(values(label(grey({0x12, 0x3F}, {.bits = 4, .photometric = PHOTOMETRIC_PALETTE}))),
              ElementsAre(1, 2, 3, 15));
  EXPECT_THAT(values(label(grey({0x60}, {.bits = 1}))), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(values(label(grey({3, 0, 255, 7}, {.photometric = PHOTOMETRIC_MINISWHITE}))),
              ElementsAre(252, 255, 0, 248));
  EXPECT_THAT(values(label(grey({1, 0, 0, 1, 2, 2, 0xFF, 0xFF}, {.bits = 16, .compression = COMPRESSION_LZW}))),
              ElementsAre(1, 256, 0x202, 0xFFFF));
}

TEST_F(TiffLabel, MayStandInTilesAndPlanes) {
  TiffFile file{.width = 37, .height = 21, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK};
  file.pixels = testing::noise(37 * 21);
  const cv::Mat strips = label(file);
  file.tile = 16;
  EXPECT_EQ(cv::norm(label(file), strips, cv::NORM_INF), 0);
  TiffFile two{.width = 2,
               .height = 1,
               .samples = 2,
               .photometric = PHOTOMETRIC_MINISBLACK,
               .planes = PLANARCONFIG_SEPARATE,
               .alpha = EXTRASAMPLE_UNASSALPHA,
               .pixels = {5, 99, 6, 98}};
  EXPECT_THAT(values(label(two)), ElementsAre(5, 6));
}

// A square one of ones.
TiffFile page_of(uint32_t side) {
  return {.width = side,
          .height = side,
          .samples = 1,
          .photometric = PHOTOMETRIC_MINISBLACK,
          .pixels = std::vector<uint8_t>(size_t{side} * side, 1)};
}

TEST(TiffPages, OfWhichOneAloneWouldBeReadAreRefused) {
  const test::TempFolder folder;
  const TiffFile page = page_of(4);
  testing::write_pages(folder / "a.tif", {page, page, page});
  for (const Mode mode : {Mode::kLabel, Mode::kRgb, Mode::kSamples}) {
    try {
      read_image(folder / "a.tif", mode);
      ADD_FAILURE() << "one page alone was read";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("a.tif"), ::testing::HasSubstr("holds 3 pages")));
    }
  }
}

TEST(TiffPages, ThatAreThumbnailsOrSmallerCopiesAreNone) {
  const test::TempFolder folder;
  const TiffFile page = page_of(4);
  const TiffFile small = page_of(2);
  testing::write_pages(folder / "a.tif", {page, page}, FILETYPE_REDUCEDIMAGE);
  EXPECT_EQ(read_image(folder / "a.tif", Mode::kLabel).pixels.size(), cv::Size(4, 4));
  testing::write_pages(folder / "b.tif", {page, small});
  EXPECT_EQ(read_image(folder / "b.tif", Mode::kLabel).pixels.size(), cv::Size(4, 4));
}

TEST_F(TiffLabel, OfColoursIsRefused) {
  TiffFile colors{.width = 2, .height = 1, .pixels = {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(message_of<Error>([&] { label(colors); }), HasSubstr("one channel"));
}

template <class Number>
std::vector<uint8_t> bytes_of(const std::vector<Number>& numbers) {
  std::vector<uint8_t> bytes(numbers.size() * sizeof(Number));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

TEST_F(TiffLabel, OfSignedWideOrRealNumbersIsThese) {
  constexpr uint16_t kSigned = SAMPLEFORMAT_INT, kReal = SAMPLEFORMAT_IEEEFP;
  const auto are_kept = ElementsAre(0, -1, 2, 100);
  EXPECT_THAT(values(label(grey(bytes_of<int8_t>({0, -1, 2, 100}), {.format = kSigned}))), are_kept);
  EXPECT_THAT(values(label(grey(bytes_of<int16_t>({0, -1, 2, 100}), {.bits = 16, .format = kSigned}))), are_kept);
  EXPECT_THAT(values(label(grey(bytes_of<int32_t>({0, -1, 2, 100}), {.bits = 32, .format = kSigned}))), are_kept);
  EXPECT_THAT(values(label(grey(bytes_of<uint32_t>({0, 1, 70000, 100}), {.bits = 32}))), ElementsAre(0, 1, 70000, 100));
  EXPECT_THAT(values(label(grey(bytes_of<float>({0, -1, 2, 100}), {.bits = 32, .format = kReal}))), are_kept);
  EXPECT_THAT(values(label(grey(bytes_of<double>({0, -1, 2, 100}), {.bits = 64, .format = kReal}))), are_kept);
}

TEST_F(TiffLabel, OfNumbersThatAreNotWholeOrTooLargeIsRefused) {
  const auto message = [&](const TiffFile& file) { return message_of<Error>([&] { label(file); }); };
  constexpr uint16_t kReal = SAMPLEFORMAT_IEEEFP;
  EXPECT_THAT(message(grey(bytes_of<float>({0, 1, 0.5F, 2}), {.bits = 32, .format = kReal})),
              HasSubstr("found 0.500000 at column 2, row 0"));
  EXPECT_THAT(message(grey(bytes_of<float>({0, 1, NAN, 2}), {.bits = 32, .format = kReal})), HasSubstr("found nan"));
  EXPECT_THAT(message(grey(bytes_of<double>({0, 1, 1e12, 2}), {.bits = 64, .format = kReal})), HasSubstr("32 bits"));
  EXPECT_THAT(message(grey(bytes_of<uint32_t>({0, 1, 4000000000, 2}), {.bits = 32})), HasSubstr("2147483647"));
  EXPECT_THAT(message(grey({1, 2, 3, 4}, {.photometric = PHOTOMETRIC_MINISWHITE, .format = SAMPLEFORMAT_INT})),
              HasSubstr("0 for black"));
  EXPECT_THAT(message(grey(std::vector<uint8_t>(32), {.bits = 64})), HasSubstr("found 64 bits"));
}

}  // namespace
}  // namespace sshost::image
