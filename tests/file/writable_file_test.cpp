#include "file/writable_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "file/append_file.h"
#include "file/folder_lock.h"
#include "temp_folder.h"

namespace sshost::file {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using testing::HasSubstr;

TEST(WritableFileTest, IsMadeAndThenContinued) {
  const test::TempFolder folder;
  WritableFile(folder / "log").append("one\n");
  WritableFile(folder / "log").append("two\n");
  EXPECT_EQ(test::read_bytes(folder / "log"), "one\ntwo\n");
}

TEST(WritableFileTest, FollowsNoLink) {
  const test::TempFolder folder;
  test::write_bytes(folder / "precious", "mine\n");
  for (const char* target : {"precious", "new"}) {
    fs::create_symlink(target, folder / ".lock");
    EXPECT_THAT(message_of<Error>([&] { WritableFile(folder / ".lock"); }), HasSubstr(".lock: it is a link"));
    EXPECT_THAT(message_of<Error>([&] { append_line(folder / ".lock", "x"); }), HasSubstr(".lock: it is a link"));
    EXPECT_THAT(message_of<Error>([&] { FolderLock(folder.path()); }), HasSubstr(".lock: it is a link"));
    fs::remove(folder / ".lock");
  }
  EXPECT_EQ(test::read_bytes(folder / "precious"), "mine\n");
  EXPECT_FALSE(fs::exists(folder / "new"));
}

TEST(WritableFileTest, WaitsForNoFifoAndWritesNoDevice) {
  const test::TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0666), 0);
  EXPECT_THAT(message_of<Error>([&] { WritableFile(folder / "fifo"); }), HasSubstr("it is no regular file"));
  EXPECT_THAT(message_of<Error>([&] { append_line(folder / "fifo", "x"); }), HasSubstr("it is no regular file"));
  EXPECT_THAT(message_of<Error>([] { WritableFile("/dev/null"); }), HasSubstr("it is no regular file"));
}

}  // namespace
}  // namespace sshost::file
