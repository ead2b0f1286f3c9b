#include "file/atomic_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "temp_folder.h"

namespace sshost::file {
namespace {

using test::message_of;
using test::read_bytes;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

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
  test::write_bytes(partial_name(folder / "b"), "half");
  remove_partial_files(folder.path());
  EXPECT_EQ(files_in(folder.path()), 1);
  EXPECT_EQ(read_bytes(folder / "a"), "text");
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
    interrupted += std::filesystem::exists(partial_name(path)) ? 1 : 0;
    const at::Tensor values = *read_tensor_file(path).find("w");
    const double value = values[0].item<double>();
    EXPECT_TRUE(value == 1 || value == 2);
    EXPECT_TRUE(values.eq(value).all().item<bool>()) << "a mixture of two checkpoints";
  }
  EXPECT_GT(interrupted, 0) << "no save was killed half way: the test shows nothing";
  remove_partial_files(folder.path());
  EXPECT_EQ(files_in(folder.path()), 1);
}

}  // namespace
}  // namespace sshost::file
