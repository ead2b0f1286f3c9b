#include "file/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "file/regular_file.h"
#include "temp_folder.h"

namespace sshost::file {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines_of(const std::string& text, size_t longest = 100) {
  const test::TempFolder folder;
  test::write_bytes(folder / "a", text);
  std::vector<std::string> lines;
  read_lines(folder / "a", longest, [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

TEST(Lines, AreReadInOrderWithOrWithoutALastEnd) {
  EXPECT_THAT(lines_of(""), IsEmpty());
  EXPECT_THAT(lines_of("a\n\nb\n"), ElementsAre("a", "", "b"));
  EXPECT_THAT(lines_of("a\nb"), ElementsAre("a", "b"));
}

TEST(Lines, GoOnFromOnePieceOfTheFileToTheNext) {
  const std::string half(50'000, 'x');
  EXPECT_THAT(lines_of(half + "\n" + half + "\n" + half, 50'000), ElementsAre(half, half, half));
}

TEST(Lines, OfTooManyBytesArePassedOver) {
  EXPECT_THAT(lines_of("a\n" + std::string(200'000, 'x') + "\nb\n" + std::string(101, 'y')), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of(std::string(100, 'x')), ElementsAre(std::string(100, 'x')));
}

TEST(Lines, OfWhatIsNoRegularFileAreRefused) {
  EXPECT_THROW(read_lines("/dev/zero", 10, [](std::string_view) {}), UnreadableFile);
}

}  // namespace
}  // namespace sshost::file
