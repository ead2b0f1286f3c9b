#include "plugin/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "plugin/known_libraries.h"
#include "plugin/library_hash.h"
#include "plugin/load.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

fs::path built(const std::string& name) {
  return fs::path(SSHOST_BAD_LIBRARIES).parent_path() / "with_dependencies" / name;
}

// A plugin, with_helper.so, and what it needs in the folder that its RUNPATH names, lib/libhelper.so.
// Nothing here loads it: what a process has loaded is no dependency any more.
class Dependencies : public testing::Test {
 protected:
  Dependencies() { put_into(mine_); }

  void put_into(const fs::path& folder) const {
    fs::create_directories(folder / "lib");
    fs::copy_file(built("with_helper.so"), folder / "with_helper.so");
    fs::copy_file(built("libhelper.so"), folder / "lib/libhelper.so");
  }

  const test::TempFolder folder_;
  const fs::path mine_ = folder_ / "mine", plugin_ = mine_ / "with_helper.so", helper_ = mine_ / "lib/libhelper.so";
};

TEST_F(Dependencies, AreTheFilesThatALibrarySaysTheWayTo) {
  EXPECT_THAT(dependencies_of(plugin_), ElementsAre(fs::canonical(helper_)));
  EXPECT_THAT(dependencies_of(library("plain")), IsEmpty()) << "the system's are not among them";
}

TEST_F(Dependencies, ThatOthersMayWriteRefuseTheLibrary) {
  fs::permissions(helper_, fs::perms::others_write, fs::perm_options::add);
  EXPECT_THAT(refusal_of(plugin_),
              AllOf(HasSubstr("it needs " + helper_.string()), HasSubstr("others may write " + helper_.string())));
}

TEST_F(Dependencies, ThatOthersMayPutWhereTheyAreLookedForRefuseTheLibrary) {
  fs::remove(helper_);
  EXPECT_THAT(dependencies_of(plugin_), IsEmpty()) << "the linker says that there is none";
  fs::permissions(mine_ / "lib", static_cast<fs::perms>(01777));
  const auto refusal = [&] { return message_of([&] { dependencies_of(plugin_); }); };
  EXPECT_THAT(refusal(), AllOf(HasSubstr("it looks for libhelper.so in "), HasSubstr("others may put files into ")));
  fs::remove(mine_ / "lib");
  EXPECT_EQ(refusal(), "");
  fs::permissions(mine_, static_cast<fs::perms>(01777));
  EXPECT_THAT(refusal(), HasSubstr("others may put files into " + mine_.string())) << "they may make the folder";
}

TEST_F(Dependencies, ThatTheWorkingDirectoryDecidesRefuseTheLibrary) {
  EXPECT_THAT(refusal_of(built("with_relative_folder.so")),
              AllOf(HasSubstr("it looks for libhelper.so in \"lib\""), HasSubstr("expected an absolute path")));
}

// A plugin that a run has loaded, and that a checkpoint asks for.
class KnownWithDependencies : public Dependencies {
 protected:
  KnownWithDependencies() {
    setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
    for (const fs::path& file : {plugin_, helper_}) {
      KnownLibraries().add(sha256_of(file), fs::canonical(file));
    }
  }
  ~KnownWithDependencies() override { unsetenv("XDG_STATE_HOME"); }

  std::string refusal_of_wanted(const fs::path& wanted) const {
    LoadRequest request;
    request.host = host_.abi();
    request.has_operator = FakeHost::has_operator;
    request.wanted = {wanted};
    request.trust = Trust::of_user();
    const Registry registry = load_plugins(request);
    return registry.refusals().empty() ? "" : registry.refusals()[0].reason;
  }

  const FakeHost host_;
};

TEST_F(KnownWithDependencies, IsTrustedWithoutAWord) {
  EXPECT_EQ(message_of([&] { Trust::of_user().require(fs::canonical(plugin_), dependencies_of(plugin_)); }), "");
}

TEST_F(KnownWithDependencies, IsNotKnownInAnotherFolderWhereAStrangersLibraryMayLieBesideIt) {
  put_into(folder_ / "theirs");
  EXPECT_THAT(refusal_of_wanted(folder_ / "theirs/with_helper.so"),
              AllOf(HasSubstr("none of your runs has loaded "), HasSubstr("--trust ")));
}

TEST_F(KnownWithDependencies, IsNotKnownWithAnotherLibraryBesideIt) {
  test::write_bytes(helper_, test::read_bytes(helper_) + "x");
  EXPECT_THAT(refusal_of_wanted(plugin_), HasSubstr("none of your runs has loaded " + helper_.string()));
}

TEST_F(KnownWithDependencies, IsNotTakenFromWhoeverCouldChangeItAfterALook) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  constexpr uid_t kSomebodyElse = 54321;
  for (const fs::path& file : {plugin_, helper_, mine_}) {
    ASSERT_EQ(chown(file.c_str(), kSomebodyElse, 0), 0);
    EXPECT_THAT(refusal_of_wanted(plugin_), HasSubstr(file.string() + " belongs to 54321")) << file;
    ASSERT_EQ(chown(file.c_str(), 0, 0), 0);
  }
}

}  // namespace
}  // namespace sshost::plugin
