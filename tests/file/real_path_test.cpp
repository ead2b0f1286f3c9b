#include "file/real_path.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "temp_folder.h"

namespace sshost::file {
namespace {

namespace fs = std::filesystem;

TEST(RealPath, IsTheSameForTwoNamesOfOneFile) {
  const test::TempFolder folder;
  fs::create_directory(folder / "a");
  fs::create_directory_symlink(folder / "a", folder / "b");
  EXPECT_EQ(real_path(folder / "b/../b/./x"), real_path(folder / "a/x"));
}

TEST(RealPath, OfWhatTheSystemCannotFollowIsWrittenOut) {
  const test::TempFolder folder;
  fs::create_symlink("loop", folder / "loop");
  EXPECT_EQ(real_path(folder / "./loop/x"), folder / "loop/x");
  const std::string long_name(300, 'n');
  EXPECT_EQ(real_path(folder / "x/.." / long_name), folder / long_name);
}

}  // namespace
}  // namespace sshost::file
