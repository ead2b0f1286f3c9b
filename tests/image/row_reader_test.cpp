#include "image/row_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "base/error.h"
#include "bridge/png_file.h"
#include "image/exif_data.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using bridge::testing::PngFile;
using bridge::testing::write_png;
using test::message_of;
using test::TempFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TiffFile;
using testing::write_tiff;

constexpr uint32_t kWidth = 37;
constexpr uint32_t kHeight = 23;

std::vector<uint8_t> noise(size_t count) {
  std::mt19937 random(7);
  std::vector<uint8_t> bytes(count);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// The whole image by OpenCV.
cv::Mat by_opencv(const std::filesystem::path& path) {
  cv::Mat rgb = cv::imread(path.string(), cv::IMREAD_COLOR);
  cv::cvtColor(rgb, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

// In pieces of uneven heights.
cv::Mat by_rows(const std::filesystem::path& path) {
  const auto reader = open_rows(path);
  cv::Mat all;
  for (int64_t left = reader->height(), count = 1; left > 0; left -= count, count = std::min(left, count + 3)) {
    all.push_back(reader->read(count));
  }
  return all;
}

void expect_the_same(const std::filesystem::path& path) {
  const cv::Mat expected = by_opencv(path), found = by_rows(path);
  ASSERT_FALSE(expected.empty());
  ASSERT_EQ(found.size(), expected.size());
  EXPECT_EQ(cv::norm(found, expected, cv::NORM_INF), 0) << path;
}

struct PngCase {
  const char* name;
  int bits, color_type, samples;
};

TEST(RowReader, ComplainsWithTheFilesNameAndGoesOn) {
  const TempFolder folder;
  PngFile png{kWidth, kHeight, 8, PNG_COLOR_TYPE_RGB};
  png.rows = noise(size_t{kWidth} * 3 * kHeight);
  write_png(folder / "a.png", png);
  std::string bytes = test::read_bytes(folder / "a.png");
  EXPECT_EQ(open_rows(folder / "a.png")->warning(), "");
  bytes.insert(33, std::string("\0\0\0\4tEXtabcd\1\2\3\4", 16));  // with a wrong check sum
  test::write_bytes(folder / "b.png", bytes);
  const auto reader = open_rows(folder / "b.png");
  reader->read(kHeight);
  EXPECT_THAT(reader->warning(), AllOf(HasSubstr((folder / "b.png").string() + ": "), HasSubstr("CRC")));
}

class PngCases : public ::testing::TestWithParam<PngCase> {
 protected:
  static PngFile file() {
    const auto& [name, bits, color_type, samples] = GetParam();
    PngFile png{kWidth, kHeight, bits, color_type};
    png.rows = noise((kWidth * static_cast<size_t>(samples * bits) + 7) / 8 * kHeight);
    if (color_type == PNG_COLOR_TYPE_PALETTE) {
      for (int i = 0; i < 1 << bits; ++i) {
        png.palette.push_back({static_cast<png_byte>(i * 5), static_cast<png_byte>(255 - i), static_cast<png_byte>(i)});
      }
    }
    return png;
  }

  TempFolder folder_;
};

TEST_P(PngCases, GiveThePixelsOfTheWholeImage) {
  write_png(folder_ / "a.png", file());
  expect_the_same(folder_ / "a.png");
}

INSTANTIATE_TEST_SUITE_P(
    RowReader, PngCases,
    ::testing::Values(PngCase{"rgb", 8, PNG_COLOR_TYPE_RGB, 3}, PngCase{"rgba", 8, PNG_COLOR_TYPE_RGBA, 4},
                      PngCase{"rgb16", 16, PNG_COLOR_TYPE_RGB, 3}, PngCase{"grey", 8, PNG_COLOR_TYPE_GRAY, 1},
                      PngCase{"grey1", 1, PNG_COLOR_TYPE_GRAY, 1}, PngCase{"grey4", 4, PNG_COLOR_TYPE_GRAY, 1},
                      PngCase{"grey16", 16, PNG_COLOR_TYPE_GRAY, 1},
                      PngCase{"grey_alpha", 8, PNG_COLOR_TYPE_GRAY_ALPHA, 2},
                      PngCase{"palette", 8, PNG_COLOR_TYPE_PALETTE, 1},
                      PngCase{"palette2", 2, PNG_COLOR_TYPE_PALETTE, 1}),
    [](const auto& param) { return param.param.name; });

struct TiffCase {
  const char* name;
  TiffFile file;
};

class TiffCases : public ::testing::TestWithParam<TiffCase> {
 protected:
  TempFolder folder_;
};

TiffFile filled(TiffFile file) {
  file.width = kWidth;
  file.height = kHeight;
  file.pixels = noise(size_t{kWidth} * kHeight * file.samples * file.bits / 8);
  return file;
}

TEST_P(TiffCases, GiveThePixelsOfTheWholeImage) {
  write_tiff(folder_ / "a.tif", filled(GetParam().file));
  expect_the_same(folder_ / "a.tif");
}

constexpr uint16_t kGrey = PHOTOMETRIC_MINISBLACK;
INSTANTIATE_TEST_SUITE_P(
    RowReader, TiffCases,
    ::testing::Values(TiffCase{"rgb", {}}, TiffCase{"lzw", {.compression = COMPRESSION_LZW}},
                      TiffCase{"deflate", {.compression = COMPRESSION_ADOBE_DEFLATE, .strip_rows = 1}},
                      TiffCase{"packbits", {.compression = COMPRESSION_PACKBITS}},
                      TiffCase{"one_strip", {.strip_rows = kHeight}},
                      TiffCase{"one_compressed_strip", {.compression = COMPRESSION_LZW, .strip_rows = kHeight}},
                      TiffCase{"tiles", {.tile = 16}},
                      TiffCase{"compressed_tiles", {.compression = COMPRESSION_LZW, .tile = 16}},
                      TiffCase{"rgb16", {.bits = 16}}, TiffCase{"rgb16_tiles", {.bits = 16, .tile = 16}},
                      TiffCase{"big_endian", {.bits = 16, .mode = "wb"}}, TiffCase{"big_tiff", {.mode = "w8"}},
                      TiffCase{"grey", {.samples = 1, .photometric = kGrey}},
                      TiffCase{"grey16", {.bits = 16, .samples = 1, .photometric = kGrey}},
                      TiffCase{"white_is_zero", {.samples = 1, .photometric = PHOTOMETRIC_MINISWHITE}},
                      TiffCase{"palette", {.samples = 1, .photometric = PHOTOMETRIC_PALETTE}},
                      TiffCase{"alpha", {.samples = 4, .alpha = EXTRASAMPLE_UNASSALPHA}},
                      TiffCase{"associated_alpha", {.samples = 4, .alpha = EXTRASAMPLE_ASSOCALPHA}}),
    [](const auto& param) { return param.param.name; });

TEST(RowReader, RefusesAnInterlacedPng) {
  const TempFolder folder;
  PngFile png{8, 8, 8, PNG_COLOR_TYPE_RGB};
  png.interlaced = true;
  png.rows = noise(8 * 8 * 3);
  write_png(folder / "a.png", png);
  EXPECT_THAT(message_of<Error>([&] { open_rows(folder / "a.png"); }),
              AllOf(HasSubstr((folder / "a.png").string()), HasSubstr("interlaced"), HasSubstr("save it")));
}

// Not all programs read such a file, so that the pixels as they are stored are the truth.
TEST(RowReader, ReadsThreeSamplesAsColorsWhateverTheFileCallsTheLast) {
  const TempFolder folder;
  const TiffFile file = filled({.samples = 3, .alpha = EXTRASAMPLE_UNASSALPHA});
  write_tiff(folder / "a.tif", file);
  const cv::Mat rows = by_rows(folder / "a.tif");
  EXPECT_TRUE(std::equal(file.pixels.begin(), file.pixels.end(), rows.datastart, rows.dataend));
}

TEST(RowReader, RefusesTiffsThatItCannotReadFromTopToBottom) {
  const TempFolder folder;
  const auto reason = [&](const TiffFile& file) {
    write_tiff(folder / "a.tif", filled(file));
    return message_of<Error>([&] { open_rows(folder / "a.tif"); });
  };
  EXPECT_THAT(reason({.planes = PLANARCONFIG_SEPARATE}), HasSubstr("tiffcp -p contig"));
  EXPECT_THAT(reason({.orientation = ORIENTATION_BOTLEFT}), HasSubstr("orientation that turns"));
  EXPECT_THAT(reason({.bits = 32}), HasSubstr("found 32"));
  EXPECT_THAT(reason({.samples = 4, .photometric = PHOTOMETRIC_SEPARATED}), HasSubstr("photometric"));
}

TEST(RowReader, RefusesAPngThatItsOrientationTurns) {
  const TempFolder folder;
  PngFile png{kWidth, kHeight, 8, PNG_COLOR_TYPE_RGB};
  png.rows = noise(kWidth * kHeight * 3);
  png.exif = testing::exif_data(/*orientation=*/1, /*big_endian=*/false);
  write_png(folder / "upright.png", png);
  expect_the_same(folder / "upright.png");
  png.exif = testing::exif_data(/*orientation=*/3, /*big_endian=*/false);
  write_png(folder / "turned.png", png);
  EXPECT_THAT(message_of<Error>([&] { open_rows(folder / "turned.png"); }), HasSubstr("orientation that turns"));

  std::string bytes = test::read_bytes(folder / "turned.png");  // and with the chunk behind the pixels
  constexpr size_t kAround = 12;                                // length, name and check sum of a chunk
  const size_t chunk = bytes.find("eXIf") - 4;
  const std::string moved = bytes.substr(chunk, png.exif.size() + kAround);
  bytes.erase(chunk, moved.size());
  bytes.insert(bytes.size() - kAround, moved);
  test::write_bytes(folder / "behind.png", bytes);
  ASSERT_NE(cv::imread(folder / "behind.png").data, nullptr);
  EXPECT_THAT(message_of<Error>([&] { open_rows(folder / "behind.png"); }), HasSubstr("orientation that turns"));
}

TEST(RowReader, TellsABrokenFile) {
  const TempFolder folder;
  write_tiff(folder / "a.tif", filled({}));
  write_tiff(folder / "b.tif", filled({.compression = COMPRESSION_LZW}));
  PngFile png{kWidth, kHeight, 8, PNG_COLOR_TYPE_RGB};
  png.rows = noise(kWidth * kHeight * 3);
  write_png(folder / "c.png", png);
  for (const char* name : {"a.tif", "b.tif", "c.png"}) {
    const std::string bytes = test::read_bytes(folder / name);
    for (size_t length = 9; length < bytes.size(); length += bytes.size() / 40) {
      test::write_bytes(folder / "part", bytes.substr(0, length));
      try {
        by_rows(folder / "part");  // what is missing may be behind the pixels
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr((folder / "part").string()));
      }
    }
    test::write_bytes(folder / "part", bytes.substr(0, bytes.size() / 3));
    EXPECT_THROW(by_rows(folder / "part"), Error) << name;
  }
}

TEST(RowReader, EndsBehindTheLastRow) {
  const TempFolder folder;
  write_tiff(folder / "a.tif", filled({}));
  const auto reader = open_rows(folder / "a.tif");
  EXPECT_EQ(reader->width(), kWidth);
  EXPECT_EQ(reader->height(), kHeight);
  reader->read(kHeight - 1);
  EXPECT_THROW(reader->read(2), Error);
  EXPECT_EQ(reader->read(1).rows, 1);
}

TEST(RowReader, KnowsNothingButPngAndTiff) {
  const TempFolder folder;
  test::write_bytes(folder / "a.jpg", "\xff\xd8\xff");
  test::write_bytes(folder / "empty", "");
  EXPECT_EQ(open_rows(folder / "a.jpg"), nullptr);
  EXPECT_EQ(open_rows(folder / "empty"), nullptr);
  EXPECT_THROW(open_rows(folder / "absent"), Error);
}

}  // namespace
}  // namespace sshost::image
