#include "plugin/writers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "temp_folder.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr uid_t kSomebodyElse = 54321;
constexpr gid_t kSomeGroup = 54322;

// folder/plugins/a.so, whose modes a test changes.
class Writers : public testing::Test {
 protected:
  Writers() {
    fs::create_directory(folder_ / "plugins");
    test::write_bytes(library_, "x");
    set(library_, 0755);
  }

  static void set(const fs::path& path, unsigned mode) { fs::permissions(path, static_cast<fs::perms>(mode)); }
  std::string reason() const { return writable_by_others(library_).value_or(""); }

  const test::TempFolder folder_;
  const fs::path library_ = folder_ / "plugins" / "a.so";
};

TEST_F(Writers, OnesOwnFileIsFine) {
  EXPECT_EQ(reason(), "");
  EXPECT_FALSE(writable_by_others("/no/such/file"));
}

TEST_F(Writers, AFileOrAFolderThatEverybodyMayWriteIsNot) {
  set(library_, 0666);
  EXPECT_THAT(reason(), AllOf(HasSubstr("others may write " + library_.string() + " (mode 0666, owner "),
                              HasSubstr("run `chmod go-w " + library_.string() + "`")));
  set(library_, 0755);
  set(folder_ / "plugins", 0777);
  EXPECT_THAT(reason(), HasSubstr("others may write " + (folder_ / "plugins").string() + " (mode 0777"));
  set(folder_ / "plugins", 0755);
  set(folder_.path(), 0757);
  EXPECT_THAT(reason(), HasSubstr("others may write " + folder_.path().string() + " (mode 0757"));
}

TEST_F(Writers, NeitherIsTheWayThroughALinkThatOthersMayTurn) {
  fs::create_directory(folder_ / "open");
  fs::create_symlink(library_, folder_ / "open" / "link.so");
  EXPECT_FALSE(writable_by_others(folder_ / "open" / "link.so"));
  set(folder_ / "open", 0777);
  EXPECT_THAT(writable_by_others(folder_ / "open" / "link.so").value_or(""), HasSubstr((folder_ / "open").string()));
  EXPECT_EQ(reason(), "");
  set(library_, 0666);
  set(folder_ / "open", 0755);
  EXPECT_THAT(writable_by_others(folder_ / "open" / "link.so").value_or(""), HasSubstr(library_.string()));
}

TEST_F(Writers, NorALinkOnTheWayOfALink) {
  fs::create_directory(folder_ / "open");
  fs::create_symlink("../plugins", folder_ / "open" / "second");
  fs::create_symlink("open/second/a.so", folder_ / "first.so");
  EXPECT_FALSE(writable_by_others(folder_ / "first.so"));
  set(folder_ / "open", 0777);
  EXPECT_THAT(writable_by_others(folder_ / "first.so").value_or(""), HasSubstr((folder_ / "open").string()));
  fs::create_symlink("loop", folder_ / "loop");
  EXPECT_FALSE(writable_by_others(folder_ / "loop")) << "whoever opens it is told";
}

TEST_F(Writers, InAStickyFolderOnlyTheOwnerPutsAnotherFileInTheOnesPlace) {
  set(folder_ / "plugins", 01777);
  EXPECT_EQ(reason(), "");
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(chown(library_.c_str(), kSomebodyElse, kSomeGroup), 0);
  EXPECT_THAT(reason(), AllOf(HasSubstr("belongs to 54321 and lies in " + (folder_ / "plugins").string()),
                              HasSubstr("copy it to a folder of your own")));
}

// Between the look at a library and its loading its owner, or a folder's, may put another one there.
TEST_F(Writers, WhoOwnsAFileOrAFolderOnTheWayMayChangeIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  EXPECT_EQ(changeable_by_others(library_), std::nullopt);
  for (const fs::path& each : {library_, library_.parent_path()}) {
    ASSERT_EQ(chown(each.c_str(), kSomebodyElse, static_cast<gid_t>(-1)), 0);
    EXPECT_THAT(changeable_by_others(library_).value_or(""),
                AllOf(HasSubstr(each.string() + " belongs to "), HasSubstr("who may change what is loaded")));
    EXPECT_EQ(reason(), "") << "of what the user names";
    ASSERT_EQ(chown(each.c_str(), geteuid(), static_cast<gid_t>(-1)), 0);
  }
}

TEST_F(Writers, AGroupOfOthersIsTheOthersAndOnesOwnIsNot) {
  set(library_, 0664);
  if (geteuid() != 0) GTEST_SKIP() << "only root can choose any group";
  EXPECT_EQ(reason(), "") << "root's";
  ASSERT_EQ(chown(library_.c_str(), kSomebodyElse, kSomebodyElse), 0);
  EXPECT_EQ(reason(), "") << "the owner's";
  ASSERT_EQ(chown(library_.c_str(), 0, kSomeGroup), 0);
  EXPECT_THAT(reason(), AllOf(HasSubstr("(mode 0664, owner root)"), HasSubstr("chmod g-w ")));
}

}  // namespace
}  // namespace sshost::plugin
