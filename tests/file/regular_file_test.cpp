#include "file/regular_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "temp_folder.h"

namespace sshost::file {
namespace {

using test::TempFolder;
using testing::HasSubstr;

std::string reason_of(const std::filesystem::path& path, uint64_t most = 1 << 20) {
  try {
    read_file(path, most);
  } catch (const UnreadableFile& error) {
    EXPECT_EQ(error.what(), "cannot read " + path.string() + ": " + error.reason());
    return error.reason();
  }
  return {};
}

TEST(RegularFile, GivesItsBytesAtOffsetsAndAsAWhole) {
  const TempFolder folder;
  test::write_bytes(folder / "a", "0123456789");
  const RegularFile file(folder / "a");
  EXPECT_EQ(file.size(), 10);
  char out[4] = "...";
  EXPECT_EQ(file.read(8, out, 3), 2) << "the file ends";
  EXPECT_STREQ(out, "89.");
  EXPECT_EQ(file.read_all(), "0123456789");
  EXPECT_EQ(read_file(folder / "a", 10), "0123456789");
}

TEST(RegularFile, AFifoIsRefusedAndNotWaitedFor) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(reason_of(folder / "pipe"), "it is a FIFO (named pipe), not a regular file");
  std::filesystem::create_symlink("pipe", folder / "link");
  EXPECT_THAT(reason_of(folder / "link"), HasSubstr("FIFO"));
}

TEST(RegularFile, DevicesFoldersAndSocketsAreRefusedByName) {
  const TempFolder folder;
  EXPECT_EQ(reason_of("/dev/zero"), "it is a device, not a regular file");
  EXPECT_EQ(reason_of(folder.path()), "it is a folder, not a regular file");
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{AF_UNIX, {}};
  const std::string path = folder / "socket";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(reason_of(path), "it is a socket, not a regular file");
  close(socket);
}

TEST(RegularFile, WhatIsNotThereSaysSo) {
  const TempFolder folder;
  EXPECT_EQ(reason_of(folder / "absent"), "No such file or directory");
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_EQ(reason_of(folder / "loop"), "Too many levels of symbolic links");
}

TEST(RegularFile, ALongerOneThanAskedForIsRefusedBeforeItIsRead) {
  const TempFolder folder;
  test::write_bytes(folder / "a", "");
  std::filesystem::resize_file(folder / "a", uint64_t{1} << 40);  // of holes
  EXPECT_THAT(reason_of(folder / "a"), HasSubstr("more than the 1048576 bytes"));
}

TEST(RegularFile, OneThatTellsNoSizeIsReadAndBoundedAllTheSame) {
  EXPECT_THAT(read_file("/proc/self/status"), HasSubstr("VmPeak"));
  EXPECT_THAT(reason_of("/proc/self/status", 10), HasSubstr("more than the 10 bytes"));
}

}  // namespace
}  // namespace sshost::file
