// Files of few bytes, or of very many, that would take all memory or time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "bridge/png_file.h"
#include "image/bmp_file.h"
#include "image/decoding_stop.h"
#include "image/image_file.h"
#include "image/jpeg_file.h"
#include "image/limits.h"
#include "image/picture.h"
#include "image/row_reader.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::message_of;
using test::TempFolder;
using testing::decode;
using ::testing::HasSubstr;

int64_t peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class Bombs : public ::testing::Test {
 protected:
  std::string refusal(const std::filesystem::path& path, Mode mode = Mode::kRgb) const {
    return message_of<Error>([&] { read_image(path, mode); });
  }
  // 8 GB, of which the beginning is there.
  std::filesystem::path sparse(const std::string& name, const std::string& head) const {
    test::write_bytes(folder_ / name, head);
    EXPECT_EQ(truncate((folder_ / name).c_str(), off_t{1} << 33), 0);
    return folder_ / name;
  }
  std::string one_colour_png(uint32_t side, int bits) const {
    bridge::testing::PngFile png{side, side, bits, PNG_COLOR_TYPE_GRAY};
    png.rows.resize((size_t{side} * static_cast<size_t>(bits) + 7) / 8 * side);
    write_png(folder_ / "one.png", png);
    return test::read_bytes(folder_ / "one.png");
  }

  TempFolder folder_;
};

TEST_F(Bombs, ASparseFileCostsNothing) {
  const std::string png = one_colour_png(8, 8);
  const std::string endless_chunk("\x7F\xFF\xFF\xFFteXt", 8);  // 2 GB that say nothing of the pixels
  const std::vector<std::filesystem::path> files = {sparse("a.png", png.substr(0, 8)),
                                                    sparse("b.png", png.substr(0, 33)),
                                                    sparse("c.png", png.substr(0, 33) + endless_chunk),
                                                    sparse("a.jpg", "\xFF\xD8\xFF"),
                                                    sparse("a.tif", std::string("II*\0\x08\0\0\0", 8)),
                                                    sparse("a.webp", std::string("RIFF\xFF\xFF\xFF\xFFWEBPVP8X", 16)),
                                                    sparse("a.bmp", "BM"),
                                                    sparse("a.ppm", "P6 "),
                                                    sparse("zeros.png", "")};
  const int64_t before = peak_kib();
  for (const auto& path : files) {
    EXPECT_THAT(refusal(path), HasSubstr(path.string()));
    refusal(path, Mode::kLabel);
  }
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

TEST_F(Bombs, TiffTagsThatShareTheirValuesCostThemOnce) {
  struct Entry {
    uint16_t tag, type;
    uint32_t count, value;
  };
  constexpr uint32_t kSide = 16, kLarge = 15U << 20;
  std::vector<Entry> entries = {{TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, kSide},
                                {TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, kSide},
                                {TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, 1, 8},
                                {TIFFTAG_COMPRESSION, TIFF_SHORT, 1, 1},
                                {TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, 1},
                                {TIFFTAG_STRIPOFFSETS, TIFF_LONG, 1, 8000},
                                {TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, 1, 1},
                                {TIFFTAG_ROWSPERSTRIP, TIFF_LONG, 1, kSide},
                                {TIFFTAG_STRIPBYTECOUNTS, TIFF_LONG, 1, kSide * kSide}};
  constexpr uint16_t kTags = 64;
  for (uint16_t i = 0; i < kTags; ++i) entries.push_back({static_cast<uint16_t>(50000 + i), TIFF_BYTE, kLarge, 8});
  const auto count = static_cast<uint16_t>(entries.size());
  std::string bytes("II*\0\x08\0\0\0", 8);
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  for (const Entry& entry : entries) bytes.append(reinterpret_cast<const char*>(&entry), sizeof entry);
  const std::filesystem::path path = sparse("tags.tif", bytes + std::string(4, '\0'));
  const int64_t before = peak_kib();
  for (const Mode mode : {Mode::kRgb, Mode::kLabel}) refusal(path, mode);
  static_cast<void>(message_of<Error>([&] { open_rows(path); }));
  EXPECT_LT(peak_kib() - before, int64_t{kTags} * (kLarge >> 10) / 2);  // a sanitizer keeps what is freed for a while
}

TEST_F(Bombs, ExifDataThatClaimGigabytesCostNothing) {
  const std::string png = one_colour_png(8, 8);
  const std::string claim(
      "\x7F\xFF\xFF\xFF"
      "eXIf",
      8);
  const int64_t before = peak_kib();
  EXPECT_THROW(decode(png.substr(0, 33) + claim + png.substr(33), Mode::kRgb), Error);
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

TEST_F(Bombs, AClaimIsRefusedBeforeItIsAllocated) {
  std::string png = one_colour_png(8, 8);
  png.replace(16, 8, std::string("\0\1\0\0\0\1\0\0", 8));  // 65536 x 65536; libpng looks at the sum behind it later
  test::write_bytes(folder_ / "a.png", png);
  EXPECT_THAT(refusal(folder_ / "a.png"), HasSubstr((folder_ / "a.png").string()));
  for (const Mode mode : {Mode::kRgb, Mode::kLabel}) {
    EXPECT_THAT(message_of<Error>([&] {
                  decode(testing::bmp_bytes({65536, 65536, 8, 0, {{0, 0, 0}}}), mode);
                }),
                HasSubstr("{height: 65536, width: 65536} pixels are more than"));
    EXPECT_THAT(message_of<Error>([&] { decode("P5 2000000000 2000000000 255\n", mode); }),
                HasSubstr("pixels are more than"));
  }
}

TEST_F(Bombs, APhotographOfFewBytesIsRefusedAndALabelIsNot) {
  const std::string bits = one_colour_png(8000, 1);
  ASSERT_LT(bits.size(), 9000U);
  EXPECT_THAT(message_of<Error>([&] { decode(bits, Mode::kRgb); }), HasSubstr("that is no photograph"));
  EXPECT_EQ(cv::countNonZero(decode(bits, Mode::kLabel).pixels), 0);
  EXPECT_THAT(message_of<Error>([&] { open_rows(folder_ / "one.png"); }), HasSubstr("that is no photograph"));
  const std::string bytes = one_colour_png(4500, 8);  // nothing stores it shorter
  EXPECT_EQ(decode(bytes, Mode::kRgb).pixels.rows, 4500);
  EXPECT_EQ(decode(one_colour_png(4000, 1), Mode::kRgb).pixels.rows, 4000);
}

TEST_F(Bombs, TilesAreNoLargerThanTheirImageCanNeed) {
  TIFF* tiff = TIFFOpen((folder_ / "a.tif").c_str(), "w");
  testing::set_tags(tiff, {.width = 1,
                           .height = 1,
                           .samples = 1,
                           .photometric = PHOTOMETRIC_MINISBLACK,
                           .compression = COMPRESSION_ADOBE_DEFLATE});
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 32768);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, 32768);
  uint8_t byte = 0;
  TIFFWriteRawTile(tiff, 0, &byte, 1);
  TIFFClose(tiff);
  const int64_t before = peak_kib();
  for (const Mode mode : {Mode::kRgb, Mode::kLabel}) EXPECT_NE(refusal(folder_ / "a.tif", mode), "");
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

TEST_F(Bombs, BytesBehindTheHeaderAreBounded) {
  std::string png = one_colour_png(8, 8);
  const std::string empty("\0\0\0\0IDAT\x35\xAF\x06\x1E", 12);
  std::string many = png.substr(0, 33);
  for (uint64_t i = 0; i < most_bytes(8, 8) / empty.size() + 1000; ++i) many += empty;
  EXPECT_THAT(message_of<Error>([&] { decode(many + png.substr(33), Mode::kRgb); }),
              HasSubstr("more bytes than an image of its size can need"));
}

// A progressive image whose last scan, which says nothing new, comes again and again.
std::string jpeg_of_scans(uint32_t side, size_t scans) {
  testing::JpegFile image{.width = side, .height = side, .progressive = true};
  image.input = image.stored = JCS_GRAYSCALE;
  image.horizontal = image.vertical = 1;
  image.pixels.resize(size_t{side} * side, 128);
  const std::string bytes = testing::jpeg_bytes(image);
  const size_t last = bytes.rfind("\xFF\xDA"), end = bytes.size() - 2;
  std::string many = bytes.substr(0, end);
  for (size_t i = 0; i < scans; ++i) many += bytes.substr(last, end - last);
  return many + bytes.substr(end);
}

TEST_F(Bombs, ScansOfAJpegAreBoundedByTheirNumberAndByTheirPixels) {
  EXPECT_EQ(decode(jpeg_of_scans(64, 100), Mode::kRgb).pixels.rows, 64);
  EXPECT_THAT(message_of<Error>([&] { decode(jpeg_of_scans(64, 200), Mode::kRgb); }), HasSubstr("too many scans"));
  EXPECT_THAT(message_of<Error>([&] { decode(jpeg_of_scans(8000, 100), Mode::kLabel); }), HasSubstr("too many scans"));
}

TEST_F(Bombs, DirectoriesOfATiffShareTheBoundOfItsTags) {
  constexpr uint32_t kLarge = 15U << 20;
  constexpr uint16_t kTags = 64;
  testing::TiffFile page{.width = 8, .height = 8, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK};
  page.pixels.resize(64);
  testing::write_tiff(folder_ / "one.tif", page);
  std::string bytes = test::read_bytes(folder_ / "one.tif");
  uint32_t directory = 0;
  std::memcpy(&directory, bytes.data() + 4, sizeof directory);
  uint16_t entries = 0;
  std::memcpy(&entries, bytes.data() + directory, sizeof entries);
  const auto next = static_cast<uint32_t>(bytes.size());  // a second directory, of a smaller copy
  bytes.replace(directory + 2 + 12U * entries, sizeof next, reinterpret_cast<const char*>(&next), sizeof next);
  const uint16_t count = entries + kTags;
  std::string second = bytes.substr(directory, 2 + 12U * entries);
  second.replace(0, sizeof count, reinterpret_cast<const char*>(&count), sizeof count);
  for (uint16_t i = 0; i < kTags; ++i) {
    const auto tag = static_cast<uint16_t>(50000 + i);
    const uint16_t type = TIFF_BYTE;
    const uint32_t values[] = {kLarge, 8};
    second.append(reinterpret_cast<const char*>(&tag), 2).append(reinterpret_cast<const char*>(&type), 2);
    second.append(reinterpret_cast<const char*>(values), 8);
  }
  const std::filesystem::path path = sparse("pages.tif", bytes + second + std::string(4, '\0'));
  const int64_t before = peak_kib();
  refusal(path, Mode::kLabel);
  EXPECT_LT(peak_kib() - before, int64_t{kTags} * (kLarge >> 10) / 2);
}

TEST_F(Bombs, DecodingStopsWhereItIsToldTo) {
  constexpr uint32_t kSide = 256;
  testing::JpegFile jpeg{.width = kSide, .height = kSide};
  jpeg.pixels.resize(size_t{3} * kSide * kSide);
  testing::TiffFile tiff{.width = kSide, .height = kSide};
  tiff.pixels = jpeg.pixels;
  testing::write_tiff(folder_ / "a.tif", tiff);
  test::write_bytes(folder_ / "a.jpg", testing::jpeg_bytes(jpeg));
  test::write_bytes(folder_ / "a.png", one_colour_png(kSide, 8));
  std::atomic<bool> stop = false;
  for (const char* name : {"a.tif", "a.jpg", "a.png"}) {
    stop = false;
    const DecodingStop scope(&stop);
    EXPECT_EQ(refusal(folder_ / name), "");
    const auto rows = open_rows(folder_ / name);
    stop = true;
    EXPECT_THAT(refusal(folder_ / name), HasSubstr("its decoding was stopped"));
    if (rows == nullptr) continue;  // a JPEG
    EXPECT_THAT(message_of<Error>([&] { rows->read(1); }), HasSubstr("its decoding was stopped"));
  }
  EXPECT_EQ(refusal(folder_ / "a.png"), "") << "others go on";
}

}  // namespace
}  // namespace sshost::image
