#include "plugin/trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.h"
#include "plugin/known_libraries.h"
#include "plugin/library_hash.h"
#include "plugin/load.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

TEST(LibraryHash, IsTheSha256OfTheBytes) {
  const test::TempFolder folder;
  test::write_bytes(folder / "abc", "abc");
  EXPECT_EQ(sha256_of(folder / "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  test::write_bytes(folder / "a", std::string(3'000'000, 'a'));
  EXPECT_EQ(sha256_of(folder / "a").size(), 64U);
  test::write_bytes(folder / "b", std::string(2'999'999, 'a') + "b");
  EXPECT_NE(sha256_of(folder / "a"), sha256_of(folder / "b"));
}

TEST(KnownLibrariesTest, KeepsThemFromOneProcessToTheNext) {
  const test::TempFolder folder;
  const std::string hash(64, 'a');
  EXPECT_FALSE(KnownLibraries(folder / "known").has(hash, "/x/a.so"));
  for (const char* path : {"/x/a.so", "/x/a.so", "/y/a.so"}) KnownLibraries(folder / "known").add(hash, path);
  for (const char* path : {"/x/a.so", "/y/a.so"}) EXPECT_TRUE(KnownLibraries(folder / "known").has(hash, path));
  EXPECT_FALSE(KnownLibraries(folder / "known").has(std::string(64, 'b'), "/x/a.so"));
  EXPECT_EQ(test::read_bytes(folder / ("known/" + hash)), "/x/a.so\n/y/a.so\n");
}

TEST(KnownLibrariesTest, TheSameBytesElsewhereAreNotKnown) {
  const test::TempFolder folder;
  const std::string hash(64, 'a');
  const KnownLibraries known(folder / "known");
  known.add(hash, "/x/a.so");
  for (const char* path : {"/y/a.so", "/x/a.s", "", "a.so"}) EXPECT_FALSE(known.has(hash, path)) << path;
  EXPECT_THAT(test::message_of<Error>([&] { known.add(hash, "/x\n/y/a.so"); }), HasSubstr("line break"));
  EXPECT_FALSE(known.has(hash, "/y/a.so"));
}

TEST(KnownLibrariesTest, BelievesNothingThatOthersMayWriteAndTakesNoHashForAPath) {
  const test::TempFolder folder;
  const std::string hash(64, 'a');
  const KnownLibraries known(folder / "known");
  known.add(hash, "/x/a.so");
  fs::permissions(folder / "known", fs::perms::all);
  EXPECT_FALSE(known.has(hash, "/x/a.so"));
  EXPECT_THAT(test::message_of<Error>([&] { known.add(std::string(64, 'b'), "/x/b.so"); }),
              HasSubstr("others may write"));
  test::write_bytes(folder / "file", "x");
  EXPECT_FALSE(known.has("../file", "x"));
}

TEST(TrustTest, ALibraryThatOnlyACheckpointAsksForIsNotLoadedUnlessItIsTrusted) {
  const FakeHost host;
  const auto load = [&](const Trust& trust, const std::vector<fs::path>& named) {
    LoadRequest request;
    request.named = named;
    request.host = host.abi();
    request.has_operator = FakeHost::has_operator;
    request.wanted = {library("plain")};
    request.trust = trust;
    return load_plugins(request);
  };
  const Registry refused = load(Trust(), {});
  EXPECT_TRUE(refused.all().empty());
  ASSERT_EQ(refused.refusals().size(), 1U);
  EXPECT_THAT(refused.refusals()[0].reason,
              AllOf(HasSubstr(sha256_of(library("plain"))), HasSubstr("--trust " + library("plain").string())));

  Trust trust;
  trust.allow(library("plain"));
  EXPECT_EQ(load(trust, {}).all().size(), 1U);
  EXPECT_EQ(load(Trust(), {library("plain")}).all().size(), 1U) << "the user names it too";
}

TEST(TrustTest, ALibraryOfAnySizeIsNotReadToBeRefused) {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.so", "x");
  fs::resize_file(folder / "a.so", uintmax_t{1} << 40);  // a hole
  EXPECT_THAT(message_of([&] { Trust().require(folder / "a.so", {}); }), HasSubstr("has 1099511627776 bytes"));
}

TEST(TrustTest, SaysWhereTheCheckpointWasMadeWithAnotherLibrary) {
  const test::TempFolder folder;
  test::write_bytes(folder / "a.so", "x");
  Trust trust;
  trust.expect({{(folder / "a.so").string(), "another"}});
  EXPECT_THAT(message_of([&] { trust.require(folder / "a.so", {}); }),
              HasSubstr("the checkpoint was made with another one, another"));
}

TEST(TrustTest, AFolderOfTheConfigurationCountsWithAllBelowIt) {
  const test::TempFolder folder;
  fs::create_directories(folder / "sshost");
  fs::create_directories(folder / "lab/deep");
  fs::create_directories(folder / "lab2");
  for (const char* name : {"lab/deep/a.so", "lab2/a.so"}) test::write_bytes(folder / name, name);
  test::write_bytes(folder / "sshost/config.yaml", "trusted_plugin_folders: [" + (folder / "lab").string() + "]\n");
  setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
  const Trust trust = Trust::of_user();
  unsetenv("XDG_CONFIG_HOME");
  EXPECT_EQ(message_of([&] { trust.require(fs::canonical(folder / "lab/deep/a.so"), {}); }), "");
  EXPECT_THAT(message_of([&] { trust.require(fs::canonical(folder / "lab2/a.so"), {}); }), HasSubstr("--trust "));
}

}  // namespace
}  // namespace sshost::plugin
