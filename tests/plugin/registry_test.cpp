#include "plugin/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "plugin/load.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// `plain` and `twin` both offer a head named "plain".
class Ambiguity : public testing::Test {
 protected:
  Registry load(const std::vector<std::filesystem::path>& search, const std::vector<std::filesystem::path>& named) {
    LoadRequest request;
    request.search = search;
    request.named = named;
    request.host = host_.abi();
    request.has_operator = FakeHost::has_operator;
    return load_plugins(request);
  }
  std::filesystem::path put(const std::string& name) {
    std::filesystem::copy_file(library(name), folder_.path() / (name + ".so"));
    return folder_.path() / (name + ".so");
  }
  test::TempFolder folder_;
  FakeHost host_;
};

TEST_F(Ambiguity, IsAnErrorOnlyWhereTheNameIsUsedAndNamesBothFiles) {
  put("plain"), put("twin"), put("two_heads");
  const Registry registry = load({folder_.path()}, {});
  EXPECT_EQ(registry.find(SS_HEAD_1, "left").plugin_name, "two_heads");
  const std::string message = message_of([&] { registry.find(SS_HEAD_1, "plain"); });
  EXPECT_THAT(message, AllOf(HasSubstr("2 plugins offer a head named \"plain\""), HasSubstr("/plain.so (plain 1.2.3)"),
                             HasSubstr("/twin.so (twin 1.2.3)"), HasSubstr("choose one by its path")));
  EXPECT_THROW(registry.find(SS_HEAD_1, "plain"), UsageError);
}

TEST_F(Ambiguity, IsDecidedByAFileThatThePipelineNames) {
  put("plain");
  const auto twin = put("twin");
  EXPECT_EQ(load({folder_.path()}, {twin}).find(SS_HEAD_1, "plain").plugin_name, "twin");
}

TEST_F(Ambiguity, IsDecidedByAFolderThatThePipelineNames) {
  put("twin");
  const test::TempFolder other;
  std::filesystem::copy_file(library("plain"), other.path() / "plain.so");
  EXPECT_EQ(load({folder_.path()}, {other.path()}).find(SS_HEAD_1, "plain").plugin_name, "plain");
}

TEST_F(Ambiguity, IsDecidedByATypeThatIsAPath) {
  const auto plain = put("plain"), twin = put("twin");
  const Registry registry = load({folder_.path()}, {});
  EXPECT_EQ(registry.find(SS_HEAD_1, plain.string()).plugin_name, "plain");
  EXPECT_EQ(registry.find(SS_HEAD_1, twin.string() + ":plain").plugin_name, "twin");
}

TEST(Registry, SuggestsTheNearestNameAndListsAll) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("plain"), library("two_heads")});
  EXPECT_EQ(message_of([&] { registry.find(SS_HEAD_1, "plian"); }),
            "no head is named \"plian\"; there are: left, plain, right (did you mean \"plain\"?)");
  EXPECT_EQ(message_of([&] { registry.find(SS_MEMORY_1, "plain"); }),
            "no memory is named \"plain\"; no plugin offers a memory");
}

TEST(Registry, AnUnknownNameIsToldWithTheLibrariesThatWereRefused) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("plain"), library("needy"), library("noteless")});
  EXPECT_THAT(message_of([&] { registry.find(SS_HEAD_1, "needy"); }),
              AllOf(HasSubstr("needy.so: it needs"), Not(HasSubstr("noteless.so"))));
  EXPECT_THAT(message_of([&] { registry.find(SS_HEAD_1, "noteless"); }),
              HasSubstr("noteless.so: not an sshost plugin"));
}

TEST(Registry, APathWithSeveralComponentsWantsAName) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("two_heads"), library("symbolless")});
  const std::string path = library("two_heads").string();
  EXPECT_THAT(message_of([&] { registry.find(SS_HEAD_1, path); }),
              AllOf(HasSubstr("several of kind head: left, right"), HasSubstr("two_heads.so:left`")));
  EXPECT_EQ(registry.find(SS_HEAD_1, path + ":right").name(), "right");
  EXPECT_THAT(message_of([&] { registry.find(SS_HEAD_1, path + ":rigth"); }), HasSubstr("did you mean \"right\"?"));
  EXPECT_THAT(message_of([&] { registry.find(SS_DATASET_1, path); }), HasSubstr("the plugin offers no dataset"));
  EXPECT_THAT(message_of([&] { registry.find(SS_HEAD_1, library("symbolless").string()); }),
              HasSubstr("found no such symbol"));
}

}  // namespace
}  // namespace sshost::plugin
