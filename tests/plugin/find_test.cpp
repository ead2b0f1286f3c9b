#include "plugin/find.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::vector<std::string> names_of(const LibraryFinder& finder) {
  std::vector<std::string> names;
  for (const FoundLibrary& library : finder.found()) names.push_back(library.path.filename());
  return names;
}

TEST(Finder, TakesTheSharedLibrariesOfAFolderByName) {
  const test::TempFolder folder;
  for (const char* name : {"b.so", "a.so", "notes.txt", "c.so.1"}) test::write_bytes(folder.path() / name, "x");
  fs::create_directory(folder.path() / "nested.so");
  LibraryFinder finder;
  finder.add_search_folder(folder.path());
  EXPECT_EQ(names_of(finder), (std::vector<std::string>{"a.so", "b.so"}));
  EXPECT_TRUE(finder.refusals().empty());
}

TEST(Finder, CountsTheSameFileOnceByWhateverLink) {
  const test::TempFolder folder;
  test::write_bytes(folder.path() / "a.so", "x");
  fs::create_symlink("a.so", folder.path() / "symbolic.so");
  fs::create_hard_link(folder.path() / "a.so", folder.path() / "hard.so");
  fs::create_directory_symlink(folder.path(), folder.path() / "again");
  LibraryFinder finder;
  finder.add_search_folder(folder.path());
  finder.add_search_folder(folder.path() / "again");
  EXPECT_EQ(names_of(finder), (std::vector<std::string>{"a.so"}));
}

TEST(Finder, AFileFoundAgainByThePipelineIsThePipelines) {
  const test::TempFolder folder;
  test::write_bytes(folder.path() / "a.so", "x");
  LibraryFinder finder;
  finder.add_search_folder(folder.path());
  finder.add_named(folder.path() / "a.so");
  ASSERT_EQ(finder.found().size(), 1u);
  EXPECT_EQ(finder.found().front().origin, Origin::kPipelineFile);
}

TEST(Finder, OnlyWhatThePipelineNamesHasToExist) {
  LibraryFinder finder;
  finder.add_search_folder("/no/such/folder");
  EXPECT_TRUE(finder.refusals().empty());
  finder.add_named("/no/such/head.so");
  ASSERT_EQ(finder.refusals().size(), 1u);
  EXPECT_THAT(to_string(finder.refusals().front()), HasSubstr("/no/such/head.so: expected a plugin"));
}

TEST(Finder, LooksBesideTheProgramAndThenWhereTheEnvironmentSays) {
  setenv("SSHOST_PLUGIN_PATH", "/one::/two", 1);
  const std::vector<fs::path> path = default_search_path();
  unsetenv("SSHOST_PLUGIN_PATH");
  ASSERT_EQ(path.size(), 3u);
  const fs::path program = fs::read_symlink("/proc/self/exe");
  EXPECT_EQ(path[0], program.parent_path().parent_path() / "lib/sshost/plugins");
  EXPECT_EQ(path[1], "/one");
  EXPECT_EQ(path[2], "/two");
}

}  // namespace
}  // namespace sshost::plugin
