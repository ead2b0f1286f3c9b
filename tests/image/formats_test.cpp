#include "image/formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "image/picture.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::message_of;
using ::testing::AllOf;
using testing::decode;
using ::testing::HasSubstr;

std::string refusal(const std::string& bytes) {
  return message_of<Error>([&] { decode(bytes, Mode::kRgb); });
}

TEST(Formats, AreToldByTheFirstBytes) {
  const std::vector<std::pair<std::string, std::string>> heads = {{"\xFF\xD8\xFF\xE0", "JPEG"},
                                                                  {"\x89PNG\r\n\x1a\n", "PNG"},
                                                                  {std::string("II*\0", 4), "TIFF"},
                                                                  {std::string("MM\0+", 4), "TIFF"},
                                                                  {"RIFF....WEBPVP8 ", "WebP"},
                                                                  {"BM", "BMP"},
                                                                  {"P5\n", "PNM"}};
  for (const auto& [head, name] : heads) {
    const Format* format = find_format(MemorySource(testing::bytes_of(head)));
    ASSERT_NE(format, nullptr) << name;
    EXPECT_EQ(format->name, name);
  }
  EXPECT_EQ(find_format(MemorySource({})), nullptr);
}

TEST(Formats, ThatAreNotReadAreNamedWithWhatToDo) {
  EXPECT_THAT(refusal("GIF89a"), AllOf(HasSubstr("a GIF image"), HasSubstr("convert it to PNG")));
  EXPECT_THAT(refusal(std::string("\0\0\0\x18"
                                  "ftypheic",
                                  12)),
              AllOf(HasSubstr("HEIC"), HasSubstr("JPEG")));
  EXPECT_THAT(refusal(std::string("\0\0\0\x18"
                                  "ftypavif",
                                  12)),
              HasSubstr("AVIF"));
  EXPECT_THAT(refusal(std::string("\0\0\0\x18"
                                  "ftypisom",
                                  12)),
              HasSubstr("a video"));
  EXPECT_THAT(refusal(std::string("\0\0\0\x0CjP  \r\n\x87\n", 12)), HasSubstr("JPEG 2000"));
  EXPECT_THAT(refusal("\x76\x2F\x31\x01...."), HasSubstr("OpenEXR"));
  EXPECT_THAT(refusal("#?RADIANCE\n"), HasSubstr("Radiance"));
  EXPECT_THAT(refusal(std::string(128, '\0') + "DICM"), HasSubstr("DICOM"));
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1"), HasSubstr("git lfs pull"));
  EXPECT_THAT(refusal("hello"), HasSubstr("JPEG, PNG, TIFF, WebP, BMP or PNM"));
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
}

// GDAL, which stands behind OpenCV's decoders, opens what such files name: other files, addresses.
TEST(Formats, OfWhatGdalOpensNoneIsRead) {
  const std::string vrt = R"(<VRTDataset rasterXSize="8" rasterYSize="8"><VRTRasterBand dataType="Byte" band="1">)"
                          R"(<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource>)";
  const std::string wms = R"(<GDAL_WMS><Service name="WMS"><ServerUrl>http://127.0.0.1:1/</ServerUrl></Service>)";
  for (std::string text : {vrt, wms}) {
    text.resize(200, ' ');
    text.replace(140, 4, "DTED");  // by which OpenCV takes a file for one of GDAL's
    EXPECT_THAT(refusal(text), HasSubstr("XML"));
    EXPECT_THAT(refusal(" " + text), HasSubstr("cannot be decoded"));
    for (const std::string head : {"NITF02.10", "BM", "P6\n", "II*", "GIF89a", "RIFF....WEBP", "\x89PNG\r\n\x1a\n"}) {
      EXPECT_THAT(refusal(head + text.substr(head.size())),
                  ::testing::AnyOf(HasSubstr("cannot be decoded"), HasSubstr("pixels are more than")))
          << head;
    }
  }
}

}  // namespace
}  // namespace sshost::image
