#include "image/image_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/error.h"
#include "bridge/png_file.h"
#include "image/warnings.h"
#include "temp_folder.h"

namespace sshost::image {
namespace {

using test::message_of;
using test::TempFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string refusal(const std::filesystem::path& path) {
  return message_of<Error>([&] { read_image(path, Mode::kRgb); });
}

std::string png_bytes(const TempFolder& folder) {
  bridge::testing::PngFile png{3, 2, 8, PNG_COLOR_TYPE_RGB};
  png.rows.assign(18, 7);
  write_png(folder / "a.png", png);
  return test::read_bytes(folder / "a.png");
}

TEST(ImageFile, ThatCannotBeReadIsNamedAndNeverWaitedFor) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo.png").c_str(), 0600), 0);
  for (const char* name : {"fifo.png", "absent.png", "."}) {
    EXPECT_THAT(refusal(folder / name), StartsWith("image " + (folder / name).string() + ": ")) << name;
  }
  EXPECT_THAT(refusal(folder / "fifo.png"), HasSubstr("FIFO"));
  EXPECT_THAT(refusal(folder / "absent.png"), HasSubstr("no such file"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("device"));
}

TEST(ImageFile, ComplainsWithItsName) {
  const TempFolder folder;
  std::string bytes = png_bytes(folder);
  EXPECT_THAT(read_image(folder / "a.png", Mode::kRgb).warning, IsEmpty());
  const std::string chunk("\0\0\0\4tEXtabcd\1\2\3\4", 16);  // with a wrong check sum
  bytes.insert(33, chunk);
  test::write_bytes(folder / "b.png", bytes);
  EXPECT_THAT(read_image(folder / "b.png", Mode::kRgb).warning,
              AllOf(StartsWith("image " + (folder / "b.png").string() + ": "), HasSubstr("CRC")));
}

TEST(ImageFile, PassesOverWhatSaysNothingOfThePixels) {
  const TempFolder folder;
  std::string bytes = png_bytes(folder);
  // A colour profile that is none; the check sum is right.
  std::string data = "iCCPbad profile";
  data += '\0';
  const uint32_t sum = static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
  std::string chunk;
  for (const uint32_t value : {static_cast<uint32_t>(data.size() - 4)}) {
    for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(value >> shift);
  }
  chunk += data;
  for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(sum >> shift);
  bytes.insert(33, chunk);
  test::write_bytes(folder / "b.png", bytes);
  EXPECT_THAT(read_image(folder / "b.png", Mode::kRgb).warning, IsEmpty());
}

TEST(Warnings, AreThoseOfTheThreadWhileTheObjectLives) {
  Warnings::add("before");
  {
    const Warnings warnings;
    Warnings::add("a");
    Warnings::add("b");
    EXPECT_THAT(warnings.found(), ElementsAre("a", "b"));
  }
  const Warnings later;
  EXPECT_THAT(later.found(), IsEmpty());
}

}  // namespace
}  // namespace sshost::image
