#include "plugin/kept_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <filesystem>

namespace sshost::plugin {
namespace {

using testing::IsEmpty;

TEST(KeptProcess, FindsNothingWhereNothingHasChanged) {
  KeptProcess kept;
  volatile double third = 1.0 / 3;  // sets the flag of what is not exact
  static_cast<void>(third);
  EXPECT_THAT(kept.restore(), IsEmpty());
}

TEST(KeptProcess, PutsBackAllThatHasChanged) {
  const auto folder = std::filesystem::current_path();
  const mode_t mask = umask(022);
  umask(mask);
  KeptProcess kept;
  ASSERT_EQ(chdir("/"), 0);
  umask(0777);
  std::setlocale(LC_ALL, "C.UTF-8");
  signal(SIGUSR2, SIG_IGN);
  std::fesetround(FE_UPWARD);
  std::vector<std::string> expected = {"the working directory", "the mask of new files", "what SIGUSR2 does",
                                       "the locale", "how numbers are rounded"};
  EXPECT_THAT(kept.restore(), testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(std::filesystem::current_path(), folder);
  EXPECT_EQ(umask(mask), mask);
  EXPECT_STREQ(std::setlocale(LC_ALL, nullptr), "C");
  EXPECT_EQ(signal(SIGUSR2, SIG_DFL), SIG_DFL);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

}  // namespace
}  // namespace sshost::plugin
