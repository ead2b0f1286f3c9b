// What the program and the plugins that are installed with it bring into the process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// All libraries that it needs, and those need, a line each.
std::string needed_by(const fs::path& file) {
  const test::TempFolder folder;
  const Outcome outcome = Program(folder.path(), "ldd", {file.string()}, {}).wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.out;
}

// OpenCV's codecs hand files to GDAL, which opens what their bytes name.
void expect_no_foreign_decoders(const fs::path& file) {
  const std::string needed = needed_by(file);
  EXPECT_THAT(needed, HasSubstr("libc.so")) << file;
  for (const char* name : {"imgcodecs", "gdal", "gdcm", "odbc"}) EXPECT_THAT(needed, Not(HasSubstr(name))) << file;
}

TEST(LinkedLibraries, DecodeNoOtherFormatsThanThoseOfImages) {
  expect_no_foreign_decoders(SSHOST_PROGRAM);
  int plugins = 0;
  for (const auto& entry : fs::directory_iterator(SSHOST_PLUGIN_DIR)) {
    if (entry.path().extension() != ".so") continue;
    expect_no_foreign_decoders(entry.path());
    ++plugins;
  }
  EXPECT_GT(plugins, 5);
}

}  // namespace
}  // namespace sshost::cli
