#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "image/exif_data.h"
#include "image/jpeg_file.h"
#include "image/picture.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::message_of;
using testing::decode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::JpegFile;
using testing::kHeight;
using testing::kWidth;
using ::testing::Not;
using testing::picture;

std::string photograph(bool progressive = false) {
  return testing::jpeg_bytes({.width = kWidth, .height = kHeight, .progressive = progressive, .pixels = picture(3)});
}

TEST(Jpeg, CutAnywhereIsBroken) {
  for (const bool progressive : {false, true}) {
    const std::string whole = photograph(progressive);
    EXPECT_THAT(decode(whole, Mode::kRgb).warning, IsEmpty());
    for (size_t length = 4; length < whole.size(); length += 1 + length / 40) {
      EXPECT_THROW(decode(whole.substr(0, length), Mode::kRgb), Error) << length;
    }
    EXPECT_THAT(message_of<Error>([&] { decode(whole.substr(0, whole.size() / 2), Mode::kRgb); }),
                HasSubstr("ends too early"));
    EXPECT_THROW(decode(whole.substr(0, whole.size() - 1), Mode::kRgb), Error);
  }
}

TEST(Jpeg, MayHaveMoreBehindItsEnd) {
  EXPECT_THAT(decode(photograph() + std::string(70000, '\0'), Mode::kRgb).warning, IsEmpty());
}

TEST(Jpeg, CutAndClosedAgainIsComplainedOf) {
  const std::string whole = photograph();
  for (const size_t part : {3U, 4U, 5U, 6U}) {
    const std::string closed = whole.substr(0, whole.size() * part / 8) + "\xFF\xD9";
    EXPECT_THAT(decode(closed, Mode::kRgb).warning, HasSubstr("Corrupt JPEG data")) << part;
  }
}

TEST(Jpeg, WithDamagedBytesIsComplainedOfOrBroken) {
  const std::string whole = photograph();
  int found = 0;
  constexpr int kTries = 40;
  for (size_t i = 0; i < kTries; ++i) {
    std::string damaged = whole;
    for (size_t k = 0; k < 8; ++k) damaged[whole.size() / 2 + i * 7 + k] = static_cast<char>(31 * i + 57 * k);
    try {
      found += decode(damaged, Mode::kRgb).warning.empty() ? 0 : 1;
    } catch (const Error&) {
      ++found;
    }
  }
  EXPECT_GT(found, kTries / 4) << "other bytes may be another image";
}

TEST(Jpeg, TakesTheExifDataThatAreOne) {
  JpegFile file{.width = kWidth, .height = kHeight, .pixels = picture(3)};
  file.exif = {'E', 'x', 'i', 'f', 0, 0};
  const auto exif = testing::exif_data(6, true);
  file.exif.insert(file.exif.end(), exif.begin(), exif.end());
  std::string bytes = testing::jpeg_bytes(file);
  const std::string other{
      "\xFF\xE1\x00\x0C"
      "http://ns.",
      14};  // as XMP stands there
  bytes.insert(2, other);
  EXPECT_EQ(decode(bytes, Mode::kRgb).pixels.size(), cv::Size(kHeight, kWidth));
  EXPECT_EQ(decode(bytes, Mode::kColorLabel).pixels.size(), cv::Size(kWidth, kHeight));
}

// Each scan goes over the whole image, and takes some bytes.
TEST(Jpeg, OfEndlessScansIsRefused) {
  const std::string whole = photograph(true);
  const size_t first = whole.find("\xFF\xDA"), second = whole.find("\xFF\xDA", first + 2);
  ASSERT_NE(second, std::string::npos);
  std::string scan = whole.substr(first, second - first);
  scan.resize(scan.rfind("\xFF\xC4") == std::string::npos ? scan.size() : scan.rfind("\xFF\xC4"));
  std::string many = whole.substr(0, second);
  for (int i = 0; i < 400; ++i) many += scan;
  EXPECT_THAT(message_of<Error>([&] { decode(many + whole.substr(second), Mode::kRgb); }), HasSubstr("too many scans"));
}

TEST(Jpeg, OfOneChannelIsALabel) {
  const std::string grey = testing::jpeg_bytes({.width = kWidth,
                                                .height = kHeight,
                                                .input = JCS_GRAYSCALE,
                                                .stored = JCS_GRAYSCALE,
                                                .horizontal = 1,
                                                .vertical = 1,
                                                .pixels = std::vector<uint8_t>(kWidth * kHeight, 7)});
  const cv::Mat label = decode(grey, Mode::kLabel).pixels;
  EXPECT_EQ(cv::countNonZero(label != 7), 0);
  EXPECT_THAT(message_of<Error>([] { decode(photograph(), Mode::kLabel); }), HasSubstr("one channel"));
}

}  // namespace
}  // namespace sshost::image
