// What is read is what OpenCV's imread reads, which is what models have been trained on in Python.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "bridge/png_file.h"
#include "image/bmp_file.h"
#include "image/exif_data.h"
#include "image/jpeg_file.h"
#include "image/picture.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using bridge::testing::PngFile;
using bridge::testing::write_png;
using test::TempFolder;
using testing::BmpFile;
using testing::JpegFile;
using testing::kHeight;
using testing::kWidth;
using testing::noise;
using testing::picture;
using testing::TiffFile;

class Pixels : public ::testing::Test {
 protected:
  void expect_the_same(const std::filesystem::path& path) const {
    cv::Mat expected = cv::imread(path.string(), cv::IMREAD_COLOR);
    ASSERT_FALSE(expected.empty()) << path << ": OpenCV reads nothing";
    cv::cvtColor(expected, expected, cv::COLOR_BGR2RGB);
    const cv::Mat found = read_image(path, Mode::kRgb).pixels;
    ASSERT_EQ(found.size(), expected.size()) << path;
    ASSERT_EQ(found.type(), CV_8UC3);
    EXPECT_EQ(cv::norm(found, expected, cv::NORM_INF), 0) << path;
  }
  void expect_the_same(const std::string& name, const std::string& bytes) const {
    test::write_bytes(folder_ / name, bytes);
    expect_the_same(folder_ / name);
  }
  void expect_the_same(const std::string& name, const TiffFile& file) const {
    testing::write_tiff(folder_ / name, file);
    expect_the_same(folder_ / name);
  }

  TempFolder folder_;
};

template <typename Case>
class Cases : public Pixels, public ::testing::WithParamInterface<std::pair<const char*, Case>> {};

constexpr auto kName = [](const auto& param) { return param.param.first; };

using JpegPixels = Cases<JpegFile>;

TEST_P(JpegPixels, AreThoseOfOpenCV) {
  JpegFile file = GetParam().second;
  file.width = kWidth;
  file.height = kHeight;
  file.pixels = picture(static_cast<uint32_t>(testing::components_of(file.input)));
  expect_the_same("a.jpg", testing::jpeg_bytes(file));
}

INSTANTIATE_TEST_SUITE_P(
    Jpeg, JpegPixels,
    ::testing::Values(
        std::pair{"yuv420", JpegFile{}}, std::pair{"yuv422", JpegFile{.vertical = 1}},
        std::pair{"yuv440", JpegFile{.horizontal = 1}}, std::pair{"yuv444", JpegFile{.horizontal = 1, .vertical = 1}},
        std::pair{"yuv411", JpegFile{.horizontal = 4, .vertical = 1}},
        std::pair{"progressive", JpegFile{.progressive = true}}, std::pair{"restarts", JpegFile{.restart_rows = 1}},
        std::pair{"rgb", JpegFile{.stored = JCS_RGB, .horizontal = 1, .vertical = 1}},
        std::pair{"grey", JpegFile{.input = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .horizontal = 1, .vertical = 1}},
        std::pair{"cmyk", JpegFile{.input = JCS_CMYK, .stored = JCS_CMYK, .horizontal = 1, .vertical = 1}},
        std::pair{"ycck", JpegFile{.input = JCS_CMYK, .stored = JCS_YCCK}}, std::pair{"coarse", JpegFile{.quality = 5}},
        std::pair{"fine", JpegFile{.quality = 100}}),
    kName);

struct PngKind {
  int bits, color_type, samples;
};
using PngPixels = Cases<PngKind>;

TEST_P(PngPixels, AreThoseOfOpenCV) {
  const auto& [bits, color_type, samples] = GetParam().second;
  for (const bool interlaced : {false, true}) {
    PngFile file{kWidth, kHeight, bits, color_type, interlaced};
    file.rows = noise((kWidth * static_cast<size_t>(samples * bits) + 7) / 8 * kHeight);
    for (int i = 0; color_type == PNG_COLOR_TYPE_PALETTE && i < 1 << bits; ++i) {
      file.palette.push_back({static_cast<png_byte>(i * 5), static_cast<png_byte>(255 - i), static_cast<png_byte>(i)});
    }
    write_png(folder_ / "a.png", file);
    expect_the_same(folder_ / "a.png");
  }
}

INSTANTIATE_TEST_SUITE_P(Png, PngPixels,
                         ::testing::Values(std::pair{"rgb", PngKind{8, PNG_COLOR_TYPE_RGB, 3}},
                                           std::pair{"rgb16", PngKind{16, PNG_COLOR_TYPE_RGB, 3}},
                                           std::pair{"rgba", PngKind{8, PNG_COLOR_TYPE_RGBA, 4}},
                                           std::pair{"rgba16", PngKind{16, PNG_COLOR_TYPE_RGBA, 4}},
                                           std::pair{"grey1", PngKind{1, PNG_COLOR_TYPE_GRAY, 1}},
                                           std::pair{"grey2", PngKind{2, PNG_COLOR_TYPE_GRAY, 1}},
                                           std::pair{"grey4", PngKind{4, PNG_COLOR_TYPE_GRAY, 1}},
                                           std::pair{"grey8", PngKind{8, PNG_COLOR_TYPE_GRAY, 1}},
                                           std::pair{"grey16", PngKind{16, PNG_COLOR_TYPE_GRAY, 1}},
                                           std::pair{"grey_alpha", PngKind{8, PNG_COLOR_TYPE_GRAY_ALPHA, 2}},
                                           std::pair{"grey_alpha16", PngKind{16, PNG_COLOR_TYPE_GRAY_ALPHA, 2}},
                                           std::pair{"palette1", PngKind{1, PNG_COLOR_TYPE_PALETTE, 1}},
                                           std::pair{"palette2", PngKind{2, PNG_COLOR_TYPE_PALETTE, 1}},
                                           std::pair{"palette4", PngKind{4, PNG_COLOR_TYPE_PALETTE, 1}},
                                           std::pair{"palette8", PngKind{8, PNG_COLOR_TYPE_PALETTE, 1}}),
                         kName);

TiffFile filled(TiffFile file) {
  file.width = kWidth;
  file.height = kHeight;
  file.pixels = noise((size_t{kWidth} * file.samples * file.bits + 7) / 8 * kHeight);
  return file;
}

using TiffPixels = Cases<TiffFile>;

TEST_P(TiffPixels, AreThoseOfOpenCV) { expect_the_same("a.tif", filled(GetParam().second)); }

constexpr uint16_t kGrey = PHOTOMETRIC_MINISBLACK;
INSTANTIATE_TEST_SUITE_P(
    Tiff, TiffPixels,
    ::testing::Values(std::pair{"rgb", TiffFile{}}, std::pair{"lzw", TiffFile{.compression = COMPRESSION_LZW}},
                      std::pair{"deflate", TiffFile{.compression = COMPRESSION_ADOBE_DEFLATE, .strip_rows = 1}},
                      std::pair{"packbits", TiffFile{.compression = COMPRESSION_PACKBITS}},
                      std::pair{"one_strip", TiffFile{.compression = COMPRESSION_LZW, .strip_rows = kHeight}},
                      std::pair{"tiles", TiffFile{.tile = 16}},
                      std::pair{"compressed_tiles", TiffFile{.compression = COMPRESSION_LZW, .tile = 32}},
                      std::pair{"rgb16", TiffFile{.bits = 16}},
                      std::pair{"rgb16_tiles",
                                TiffFile{.bits = 16, .compression = COMPRESSION_ADOBE_DEFLATE, .tile = 16}},
                      std::pair{"planes", TiffFile{.planes = PLANARCONFIG_SEPARATE}},
                      std::pair{"planes16", TiffFile{.bits = 16, .planes = PLANARCONFIG_SEPARATE}},
                      std::pair{"big_endian", TiffFile{.bits = 16, .mode = "wb"}},
                      std::pair{"big_tiff", TiffFile{.mode = "w8"}},
                      std::pair{"grey", TiffFile{.samples = 1, .photometric = kGrey}},
                      std::pair{"grey1", TiffFile{.bits = 1, .samples = 1, .photometric = kGrey}},
                      std::pair{"grey16", TiffFile{.bits = 16, .samples = 1, .photometric = kGrey}},
                      std::pair{"white_is_zero", TiffFile{.samples = 1, .photometric = PHOTOMETRIC_MINISWHITE}},
                      std::pair{"palette", TiffFile{.samples = 1, .photometric = PHOTOMETRIC_PALETTE}},
                      std::pair{"cmyk", TiffFile{.samples = 4, .photometric = PHOTOMETRIC_SEPARATED}},
                      std::pair{"alpha", TiffFile{.samples = 4, .alpha = EXTRASAMPLE_UNASSALPHA}},
                      std::pair{"alpha16", TiffFile{.bits = 16, .samples = 4, .alpha = EXTRASAMPLE_UNASSALPHA}},
                      std::pair{"associated_alpha", TiffFile{.samples = 4, .alpha = EXTRASAMPLE_ASSOCALPHA}}),
    kName);

cv::Mat mat(uint32_t samples) {
  static std::vector<uint8_t> kept;
  kept = picture(samples);
  return cv::Mat(kHeight, kWidth, CV_8UC(static_cast<int>(samples)), kept.data()).clone();
}

std::string webp_bytes(uint32_t samples, int quality) {
  std::vector<uint8_t> bytes;
  cv::imencode(".webp", mat(samples), bytes, {cv::IMWRITE_WEBP_QUALITY, quality});
  return {bytes.begin(), bytes.end()};
}

constexpr int kLossless = 101;

TEST_F(Pixels, OfAWebpAreThoseOfOpenCV) {
  for (const uint32_t samples : {3U, 4U}) {
    for (const int quality : {10, 75, kLossless}) expect_the_same("a.webp", webp_bytes(samples, quality));
  }
}

std::vector<std::array<uint8_t, 3>> palette(int count, bool grey) {
  std::vector<std::array<uint8_t, 3>> colors;
  for (int i = 0; i < count; ++i) {
    const auto value = static_cast<uint8_t>(255 - 3 * i);
    colors.push_back(grey ? std::array{value, value, value}
                          : std::array{value, static_cast<uint8_t>(7 * i), uint8_t{9}});
  }
  return colors;
}

TEST_F(Pixels, OfABitmapAreThoseOfOpenCV) {
  constexpr int32_t width = kWidth, height = kHeight;
  for (const uint16_t bits : {uint16_t{1}, uint16_t{4}, uint16_t{8}, uint16_t{16}, uint16_t{24}, uint16_t{32}}) {
    const size_t row = (kWidth * size_t{bits} + 31) / 32 * 4;
    for (const bool from_top : {false, true}) {
      for (const bool grey : {false, true}) {
        BmpFile file{width, from_top ? -height : height, bits};
        if (bits <= 8) file.palette = palette(1 << bits, grey);
        file.pixels = noise(row * kHeight);
        expect_the_same("a.bmp", testing::bmp_bytes(file));
      }
    }
  }
  BmpFile masks{width, height, 16, 3};
  masks.masks = {0xF800, 0x7E0, 0x1F};
  masks.pixels = noise((kWidth * 2 + 2) / 4 * 4 * size_t{kHeight});
  expect_the_same("a.bmp", testing::bmp_bytes(masks));
}

TEST_F(Pixels, OfRunLengthsAreThoseOfOpenCV) {
  BmpFile runs{7, 4, 8, 1, palette(256, false)};
  runs.pixels = {3, 9, 4, 200, 0, 0,               // a row of two runs
                 0, 4, 1, 2,   3, 4, 3, 77, 0, 0,  // four as they are, and a run
                 2, 5, 0, 2,   2, 1, 1, 8,  0, 0,  // two, then 2 to the right and 1 up
                 0, 1};
  expect_the_same("a.bmp", testing::bmp_bytes(runs));
  runs.pixels = {7, 1, 7, 2, 7, 3, 7, 4};  // rows that nothing ends
  expect_the_same("a.bmp", testing::bmp_bytes(runs));
  runs.pixels = {2, 1, 0, 1};  // nearly nothing
  expect_the_same("a.bmp", testing::bmp_bytes(runs));
  BmpFile small{7, 2, 4, 2, palette(16, false)};
  small.pixels = {5, 0x3A, 2, 0x11, 0, 0, 0, 3, 0x12, 0x30, 4, 0xBC, 0, 0, 0, 1};
  expect_the_same("a.bmp", testing::bmp_bytes(small));
}

std::string text_of(const std::vector<uint8_t>& values, int most, const std::string& kind, uint32_t width,
                    uint32_t height) {
  std::string text = kind + "\n# made by hand\n" + std::to_string(width) + " " + std::to_string(height) + "\n";
  if (most > 0) text += std::to_string(most) + "\n";
  for (const uint8_t value : values) text += std::to_string(most > 0 ? value % (most + 1) : value % 2) + " ";
  return text + "\n";
}

std::string binary_of(const std::vector<uint8_t>& values, int most, const std::string& kind) {
  std::string text = kind + " " + std::to_string(kWidth) + " " + std::to_string(kHeight) + "\n";
  if (most > 0) text += std::to_string(most) + "\n";
  return text + std::string(values.begin(), values.end());
}

TEST_F(Pixels, OfPnmAreThoseOfOpenCV) {
  const std::vector<uint8_t> grey = noise(size_t{kWidth} * kHeight), colors = noise(size_t{3} * kWidth * kHeight);
  expect_the_same("a.pbm", text_of(grey, 0, "P1", kWidth, kHeight));
  expect_the_same("a.pgm", text_of(grey, 255, "P2", kWidth, kHeight));
  expect_the_same("a.pgm", text_of(grey, 15, "P2", kWidth, kHeight));
  expect_the_same("a.ppm", text_of(colors, 255, "P3", kWidth, kHeight));
  expect_the_same("a.pbm", binary_of(noise((kWidth + 7) / 8 * size_t{kHeight}), 0, "P4"));
  expect_the_same("a.pgm", binary_of(grey, 255, "P5"));
  expect_the_same("a.pgm", binary_of(noise(2 * grey.size()), 65535, "P5"));
  expect_the_same("a.ppm", binary_of(colors, 255, "P6"));
  expect_the_same("a.ppm", binary_of(noise(2 * colors.size()), 65535, "P6"));
}

TEST_F(Pixels, AreTurnedAsOpenCVTurnsThem) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    JpegFile jpeg{.width = kWidth, .height = kHeight, .pixels = picture(3)};
    jpeg.exif = {'E', 'x', 'i', 'f', 0, 0};
    const auto exif = testing::exif_data(orientation, orientation % 2 == 0);
    jpeg.exif.insert(jpeg.exif.end(), exif.begin(), exif.end());
    expect_the_same("a.jpg", testing::jpeg_bytes(jpeg));
    PngFile png{kWidth, kHeight, 8, PNG_COLOR_TYPE_RGB};
    png.rows = picture(3);
    png.exif = exif;
    write_png(folder_ / "a.png", png);
    expect_the_same(folder_ / "a.png");
    expect_the_same("a.tif", filled({.orientation = static_cast<uint16_t>(orientation)}));
    expect_the_same("a.tif", filled({.samples = 1,
                                     .photometric = kGrey,
                                     .orientation = static_cast<uint16_t>(orientation),
                                     .strip_rows = kHeight}));
  }
}

// Not all programs turn tiles right: those of strips are the truth.
TEST_F(Pixels, OfTilesAreTurnedAsThoseOfStrips) {
  for (uint16_t orientation = 1; orientation <= 8; ++orientation) {
    testing::write_tiff(folder_ / "strips.tif", filled({.orientation = orientation}));
    testing::write_tiff(folder_ / "tiles.tif", filled({.orientation = orientation, .tile = 16}));
    const cv::Mat strips = read_image(folder_ / "strips.tif", Mode::kRgb).pixels;
    const cv::Mat tiles = read_image(folder_ / "tiles.tif", Mode::kRgb).pixels;
    ASSERT_EQ(tiles.size(), strips.size());
    EXPECT_EQ(cv::norm(tiles, strips, cv::NORM_INF), 0) << orientation;
  }
}

// A WebP in an extended container, as cameras' programs write it.
std::string with_exif(const std::string& webp, std::vector<uint8_t> exif) {
  const auto number = [](size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  };
  if (exif.size() % 2 == 1) exif.push_back(0);
  std::string rest = "WEBPVP8X" + number(10, 4) + number(8, 4) + number(kWidth - 1, 3) + number(kHeight - 1, 3) +
                     webp.substr(12) + "EXIF" + number(exif.size(), 4) + std::string(exif.begin(), exif.end());
  return "RIFF" + number(rest.size(), 4) + rest;
}

TEST_F(Pixels, OfAWebpAreTurnedLikeThoseOfAPng) {
  const std::string plain = webp_bytes(3, kLossless);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    std::vector<uint8_t> exif = testing::exif_data(orientation, true);
    PngFile png{kWidth, kHeight, 8, PNG_COLOR_TYPE_RGB};
    png.exif = exif;
    cv::Mat rgb;
    cv::cvtColor(mat(3), rgb, cv::COLOR_BGR2RGB);
    png.rows.assign(rgb.datastart, rgb.dataend);
    write_png(folder_ / "a.png", png);
    const cv::Mat expected = read_image(folder_ / "a.png", Mode::kRgb).pixels;
    if (orientation % 2 == 0) exif.insert(exif.begin(), {'E', 'x', 'i', 'f', 0, 0});  // as some programs write it
    const cv::Mat found = testing::decode(with_exif(plain, exif), Mode::kRgb).pixels;
    ASSERT_EQ(found.size(), expected.size()) << orientation;
    EXPECT_EQ(cv::norm(found, expected, cv::NORM_INF), 0) << orientation;
    EXPECT_EQ(testing::decode(with_exif(plain, exif), Mode::kColorLabel).pixels.cols, static_cast<int>(kWidth));
  }
}

TEST(SharedImages, AWebpOfATelephoneStandsUpright) {
  const std::filesystem::path path = std::filesystem::path(SSHOST_SHARED_DIR) / "cases/exif/webp6.webp";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const cv::Mat pixels = read_image(path, Mode::kRgb).pixels;
  EXPECT_EQ(pixels.size(), cv::Size(40, 56)) << "it is stored as 56 x 40";
}

}  // namespace
}  // namespace sshost::image
