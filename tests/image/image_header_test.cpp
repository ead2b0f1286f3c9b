#include "image/image_header.h"

#include <gtest/gtest.h>

#include <vector>

namespace sshost::image {
namespace {

using Bytes = std::vector<uint8_t>;
using Format = ImageHeader::Format;

const Bytes kPng = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13,
                    'I',  'H', 'D', 'R', 0,    0,    1,    2,    0, 0, 0, 9};

// A frame of 5 x 300 behind a comment that looks like an end, then coded data with a stuffed byte and a restart.
const Bytes kJpeg = {0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 0xFF, 0xD9, 0xFF, 0xC2, 0,    9, 8,    1,    0x2C, 0, 5,
                     1,    0,    0xFF, 0xDA, 0, 2, 7,    0xFF, 0,    0xFF, 0xD0, 8, 0xFF, 0xFF, 0xD9, 0, 0};

TEST(ImageHeader, TellsTheSizeOfAPng) {
  const ImageHeader header = read_image_header(kPng);
  EXPECT_EQ(header.format, Format::kPng);
  EXPECT_EQ(header.width, 258);
  EXPECT_EQ(header.height, 9);
}

TEST(ImageHeader, TellsTheSizeOfAJpegAndWhetherItEnds) {
  const ImageHeader header = read_image_header(kJpeg);
  EXPECT_EQ(header.format, Format::kJpeg);
  EXPECT_EQ(header.width, 5);
  EXPECT_EQ(header.height, 300);
  EXPECT_TRUE(header.complete);
}

TEST(ImageHeader, AJpegCutAnywhereIsIncomplete) {
  const size_t end = kJpeg.size() - 2;  // behind the end marker there may be anything
  for (size_t length = 3; length < end; ++length) {
    const Bytes cut(kJpeg.begin(), kJpeg.begin() + static_cast<ptrdiff_t>(length));
    EXPECT_FALSE(read_image_header(cut).complete) << length;
  }
  EXPECT_TRUE(read_image_header(Bytes(kJpeg.begin(), kJpeg.begin() + static_cast<ptrdiff_t>(end))).complete);
}

TEST(ImageHeader, APngCutAnywhereHasNoSize) {
  for (size_t length = 8; length < kPng.size(); ++length) {
    const Bytes cut(kPng.begin(), kPng.begin() + static_cast<ptrdiff_t>(length));
    EXPECT_EQ(read_image_header(cut).width, 0) << length;
  }
}

TEST(ImageHeader, OtherBytesAreOfAnotherFormat) {
  EXPECT_EQ(read_image_header({}).format, Format::kOther);
  EXPECT_EQ(read_image_header(Bytes{'B', 'M', 0, 0}).format, Format::kOther);
  EXPECT_EQ(read_image_header(Bytes{0xFF, 0xD8}).format, Format::kOther);
}

}  // namespace
}  // namespace sshost::image
