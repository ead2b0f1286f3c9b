#include "file/atomic_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "file/append_file.h"
#include "temp_folder.h"

namespace sshost::file {
namespace {

using checkpoint::read_tensor_file;
using checkpoint::TensorFile;
using checkpoint::write_safetensors;
using test::message_of;
using test::read_bytes;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

size_t files_in(const std::filesystem::path& folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, ReplacesTheFileOnCommitOnly) {
  const TempFolder folder;
  write_file(folder / "a", "old");
  {
    AtomicFile file(folder / "a", 3);
    file.write("new");
    EXPECT_EQ(read_bytes(folder / "a"), "old");
  }
  EXPECT_EQ(read_bytes(folder / "a"), "old");
  EXPECT_EQ(files_in(folder.path()), 1);
  write_file(folder / "a", "new");
  EXPECT_EQ(read_bytes(folder / "a"), "new");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, NamesThePathThatCannotBeWritten) {
  const TempFolder folder;
  EXPECT_THAT(message_of<Error>([&] { write_file(folder / "absent" / "a", "text"); }),
              AllOf(HasSubstr((folder / "absent" / "a").string()), HasSubstr("No such file or directory")));
}

TEST(AtomicFile, RemovesOnlyWhatAKilledProcessLeft) {
  const TempFolder folder;
  write_file(folder / "a", "text");
  test::write_bytes(random_partial_name(folder.path()), "half");
  AtomicFile living(folder / "b", 0);
  living.write("whole");
  for (const char* name : {"mine.partial", ".sshost-0123.partial", ".sshost-0123456789abcdeX.partial"}) {
    test::write_bytes(folder / name, "a person's own");
  }
  remove_partial_files(folder.path());
  EXPECT_EQ(files_in(folder.path()), 5);
  EXPECT_EQ(read_bytes(folder / "a"), "text");
  living.commit();
  EXPECT_EQ(read_bytes(folder / "b"), "whole") << "its writer lives";
  remove_all_partial_files(folder.path());
  EXPECT_EQ(files_in(folder.path()), 2);
}

TEST(AtomicFile, ALinkThatAKilledProcessLeftIsRemovedAtOnceInALockedFolderAndElsewhereOnceItIsOld) {
  const TempFolder folder;
  const std::filesystem::path link = random_partial_name(folder.path());
  std::filesystem::create_symlink("a", link);
  remove_partial_files(folder.path());
  EXPECT_TRUE(std::filesystem::is_symlink(link)) << "its process may be about to rename it";
  remove_all_partial_files(folder.path());
  EXPECT_FALSE(std::filesystem::is_symlink(link));
}

TEST(AtomicFile, TheFirstOfAProcessInAFolderTidiesIt) {
  const TempFolder folder;
  test::write_bytes(random_partial_name(folder.path()), "half");
  write_file(folder / "a", "text");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, TwoAtOnceNeverMix) {
  const TempFolder folder;
  AtomicFile first(folder / "a", 0);
  AtomicFile second(folder / "a", 0);
  for (int i = 0; i < 100; ++i) {
    first.write("1");
    second.write("22");
  }
  first.commit();
  EXPECT_EQ(read_bytes(folder / "a"), std::string(100, '1'));
  second.commit();
  EXPECT_EQ(read_bytes(folder / "a"), std::string(200, '2'));
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AtomicFile, LinksInItsPlaceAreNotFollowed) {
  const TempFolder folder;
  const std::filesystem::path victim = folder / "victim";
  test::write_bytes(victim, "precious");
  std::filesystem::create_symlink(victim, folder / "a.partial");
  std::filesystem::create_symlink(victim, folder / "a");
  write_file(folder / "a", "text");
  EXPECT_EQ(read_bytes(victim), "precious");
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "a"));
  EXPECT_EQ(read_bytes(folder / "a"), "text");
}

TEST(AtomicFile, HasTheModeThatTheUmaskLeaves) {
  const TempFolder folder;
  const mode_t before = umask(0027);
  write_file(folder / "a", "text");
  umask(before);
  EXPECT_EQ(std::filesystem::status(folder / "a").permissions(), std::filesystem::perms{0640});
}

TEST(AtomicFile, ReplacesNoDeviceAndNoFifo) {
  const TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/null", folder / "null");
  for (const char* name : {"pipe", "null"}) {
    EXPECT_THAT(message_of<Error>([&] { write_file(folder / name, "text"); }), HasSubstr("no regular file")) << name;
  }
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "null"));
}

TEST(AtomicFile, ANameAsLongAsTheFileSystemTakesIsWrittenAndALongerOneSaysSo) {
  const TempFolder folder;
  write_file(folder / std::string(255, 'x'), "text");
  EXPECT_EQ(read_bytes(folder / std::string(255, 'x')), "text");
  const std::string error = message_of<UnwritableName>([&] { write_file(folder / std::string(256, 'x'), "text"); });
  EXPECT_THAT(error, AllOf(HasSubstr("File name too long"), Not(HasSubstr("free some space"))));
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteLink, ReplacesALinkAtOnce) {
  const TempFolder folder;
  write_link(folder / "best", "a");
  write_link(folder / "best", "b");
  EXPECT_EQ(std::filesystem::read_symlink(folder / "best"), "b");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(AppendLine, LeavesNoHalfLineOnAFullDisk) {
  const TempFolder folder;
  const std::string line(3000, 'x');
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limited{10000, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limited);
  for (int i = 0; i < 3; ++i) append_line(folder / "lines", line);
  const std::string error = message_of<Error>([&] { append_line(folder / "lines", line); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, AllOf(HasSubstr((folder / "lines").string()), HasSubstr("File too large")));
  EXPECT_EQ(std::filesystem::file_size(folder / "lines"), 3 * 3001);
  append_line(folder / "lines", line);
  EXPECT_EQ(std::filesystem::file_size(folder / "lines"), 4 * 3001);
}

TEST(AppendLine, RemovesALineThatAKilledProcessLeftIncomplete) {
  const TempFolder folder;
  test::write_bytes(folder / "lines", "whole\n" + std::string(10000, 'h'));
  append_line(folder / "lines", "next");
  EXPECT_EQ(read_bytes(folder / "lines"), "whole\nnext\n");
  test::write_bytes(folder / "lines", "half");
  append_line(folder / "lines", "first");
  EXPECT_EQ(read_bytes(folder / "lines"), "first\n");
}

// The earlier checkpoint, filled with `value`.
TensorFile filled(double value) { return {{{"w", at::full({1 << 20}, value)}}, {}}; }

void expect_earlier_one_is_kept(const std::filesystem::path& path, const std::string& error) {
  EXPECT_THAT(error,
              AllOf(HasSubstr("cannot save " + path.string()), HasSubstr("it needs 41943"), HasSubstr("are free")));
  EXPECT_EQ(files_in(path.parent_path()), 1);
  EXPECT_TRUE(read_tensor_file(path).find("w")->eq(1).all().item<bool>());
}

TEST(FullDisk, LeavesTheEarlierCheckpointAndNothingElse) {
  const TempFolder folder;
  if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=6m") != 0) GTEST_SKIP() << "may not mount a tmpfs here";
  const auto path = folder / "a.safetensors";
  write_safetensors(path, filled(1));
  const std::string error = message_of<Error>([&] { write_safetensors(path, filled(2)); });
  expect_earlier_one_is_kept(path, error);
  EXPECT_THAT(error, HasSubstr("No space left on device"));
  umount(folder.path().c_str());
}

TEST(FullDisk, ALimitOnTheFileSizeIsReportedToo) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  write_safetensors(path, filled(1));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limited{1 << 20, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limited);
  const std::string error = message_of<Error>([&] { write_safetensors(path, filled(2)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  expect_earlier_one_is_kept(path, error);
  EXPECT_THAT(error, HasSubstr("File too large"));
}

// Saves again and again until it is killed. Only what is safe after a fork: no operators, and no tensor is destroyed.
[[noreturn]] void save_forever(const std::filesystem::path& path, const TensorFile& first, const TensorFile& second) {
  for (;;) {
    write_safetensors(path, first);
    write_safetensors(path, second);
  }
}

TEST(KilledSave, NeverCostsTheEarlierCheckpoint) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  const TensorFile first = filled(1);
  const TensorFile second = filled(2);
  write_safetensors(path, first);
  int interrupted = 0;
  for (int round = 0; round < 25; ++round) {
    const pid_t child = fork();
    if (child == 0) save_forever(path, first, second);
    std::this_thread::sleep_for(std::chrono::microseconds(3000 + 1700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    interrupted += files_in(folder.path()) > 1 ? 1 : 0;
    remove_partial_files(folder.path());
    const at::Tensor values = *read_tensor_file(path).find("w");
    const double value = values[0].item<double>();
    EXPECT_TRUE(value == 1 || value == 2);
    EXPECT_TRUE(values.eq(value).all().item<bool>()) << "a mixture of two checkpoints";
  }
  EXPECT_GT(interrupted, 0) << "no save was killed half way: the test shows nothing";
  EXPECT_EQ(files_in(folder.path()), 1);
}

}  // namespace
}  // namespace sshost::file
