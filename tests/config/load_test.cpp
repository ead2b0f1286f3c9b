#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/support.h"

namespace sshost::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Node load(const std::string& file, const std::vector<std::string>& overrides = {}) {
  Problems problems;
  Node root = load_pipeline_file(file, overrides, problems);
  problems.throw_if_any();
  return root;
}

std::string load_error(const std::string& file, const std::vector<std::string>& overrides = {}) {
  try {
    load(file, overrides);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> scalars(const Node& list) {
  std::vector<std::string> result;
  for (const Node& item : list.items) result.push_back(item.scalar);
  return result;
}

TEST(Extends, MergesMapsAndReplacesLists) {
  TemporaryFolder folder;
  folder.write("base.yaml", "m: {a: 1, b: 2, l: [1, 2, 3]}\n");
  const Node root = load(folder.write("p.yaml", "extends: base.yaml\nm: {b: 3, l: [4]}\n"));
  EXPECT_EQ(root.find("m")->find("a")->scalar, "1");
  EXPECT_EQ(root.find("m")->find("b")->scalar, "3");
  EXPECT_THAT(scalars(*root.find("m")->find("l")), ElementsAre("4"));
  EXPECT_EQ(root.find("extends"), nullptr);
}

TEST(Extends, AMapWhoseTypeChangesReplaces) {
  TemporaryFolder folder;
  folder.write("base.yaml", "head: {type: wide, channels: 1}\n");
  const Node root = load(folder.write("p.yaml", "extends: base.yaml\nhead: {type: thin}\n"));
  EXPECT_EQ(root.find("head")->find("channels"), nullptr);
  const Node same = load(folder.write("q.yaml", "extends: base.yaml\nhead: {type: wide, x: 2}\n"));
  EXPECT_NE(same.find("head")->find("channels"), nullptr);
}

TEST(Extends, LaterBasesGoOverEarlierOnesAndAreRelativeToTheirFile) {
  TemporaryFolder folder;
  folder.write("deep/root.yaml", "a: 0\nz: 9\n");
  folder.write("deep/one.yaml", "extends: root.yaml\na: 1\nb: 1\n");
  folder.write("two.yaml", "b: 2\n");
  const Node root = load(folder.write("p.yaml", "extends: [deep/one.yaml, two.yaml]\n"));
  EXPECT_EQ(root.find("a")->scalar, "1");
  EXPECT_EQ(root.find("b")->scalar, "2");
  EXPECT_EQ(root.find("z")->scalar, "9");
  EXPECT_EQ(root.find("z")->place.file, folder.path("deep/root.yaml"));
}

TEST(Extends, NullTakesABasesValueAway) {
  TemporaryFolder folder;
  folder.write("base.yaml", "memory: {type: recall}\n");
  EXPECT_TRUE(load(folder.write("p.yaml", "extends: base.yaml\nmemory: null\n")).find("memory")->is_null());
}

TEST(Extends, RefusesACircle) {
  TemporaryFolder folder;
  folder.write("a.yaml", "extends: b.yaml\n");
  folder.write("b.yaml", "\nextends: [a.yaml]\n");
  EXPECT_THAT(load_error(folder.path("a.yaml")),
              AllOf(HasSubstr("b.yaml:2:11: extends.0: "), HasSubstr("in a circle"), HasSubstr("a.yaml -> ")));
}

TEST(Extends, TheSameBaseTwiceIsNoCircle) {
  TemporaryFolder folder;
  folder.write("base.yaml", "a: 1\n");
  folder.write("one.yaml", "extends: base.yaml\n");
  EXPECT_EQ(load_error(folder.write("p.yaml", "extends: [one.yaml, base.yaml]\n")), "");
}

TEST(Extends, NamesAFileThatIsMissing) {
  TemporaryFolder folder;
  EXPECT_THAT(load_error(folder.write("p.yaml", "a: 1\nextends: no.yaml\n")),
              AllOf(HasSubstr("p.yaml:2:10: extends: cannot read "), HasSubstr("no.yaml: No such file")));
  EXPECT_THAT(load_error(folder.path("none.yaml")), HasSubstr("none.yaml: No such file"));
  EXPECT_THAT(load_error(folder.path("")), HasSubstr("it is a folder"));
}

TEST(Extends, NamesAPathThatNoFileCanHave) {
  TemporaryFolder folder;
  EXPECT_THAT(load_error(folder.write("p.yaml", "a: 1\nextends: " + std::string(300, 'n') + "\n")),
              AllOf(HasSubstr("p.yaml:2:10: extends: cannot read "), HasSubstr("name too long")));
}

TEST(Extends, OfAFileThatIsNoPipelineNothingIsShown) {
  TemporaryFolder folder;
  folder.write("text", "root:x:0:0:secret:/root:/bin/bash\n");
  folder.write("alias", "key: *secret\n");
  folder.write("broken", "[{secret}secret\n");
  folder.write("map", "<<: secret\n");
  for (const std::string name : {"text", "alias", "broken", "map"}) {
    const std::string error = load_error(folder.write("p.yaml", "extends: " + name + "\n"));
    EXPECT_THAT(error, AllOf(HasSubstr(folder.path(name) + ":1:"), Not(HasSubstr("secret"))));
  }
}

TEST(Extends, TextInMemoryCannot) {
  TemporaryFolder folder;
  folder.write("base.yaml", "a: 1\n");
  Problems problems;
  try {
    load_pipeline_text("b: 1\nextends: base.yaml\n", folder.path("model.safetensors"), {}, problems);
    FAIL() << "it extended a file";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("model.safetensors:2:10: extends: only a file can extend another"));
  }
}

TEST(Extends, StepsOfAPipelineReplaceTheEpochsOfItsBase) {
  TemporaryFolder folder;
  folder.write("base.yaml", "train: {epochs: 130, batch_size: 16}\n");
  const std::string file = folder.write("p.yaml", "extends: base.yaml\ntrain: {steps: 50}\n");
  EXPECT_EQ(load(file).find("train")->find("epochs"), nullptr);
  EXPECT_EQ(load(file, {"train.epochs=3"}).find("train")->find("steps"), nullptr);
}

TEST(Override, SetsValuesMakesMapsAndIndexesLists) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "a: {b: 1}\nl: [{w: 1}, {w: 2}]\nn: null\n");
  const Node root = load(file, {"a.b=[1, 2]", "l.1.w=0.5", "n.x.y=text", "e="});
  EXPECT_THAT(scalars(*root.find("a")->find("b")), ElementsAre("1", "2"));
  EXPECT_EQ(root.find("l")->items[0].find("w")->scalar, "1");
  EXPECT_EQ(root.find("l")->items[1].find("w")->scalar, "0.5");
  EXPECT_EQ(root.find("n")->find("x")->find("y")->key_path, "n.x.y");
  EXPECT_EQ(to_string(root.find("n")->find("x")->find("y")->place), "--set n.x.y=text");
  EXPECT_TRUE(root.find("e")->is_null());
}

TEST(Override, AMapMergesAndATypeThatChangesReplaces) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "head: {type: wide, channels: 1}\n");
  EXPECT_NE(load(file, {"head={x: 1}"}).find("head")->find("channels"), nullptr);
  EXPECT_EQ(load(file, {"head={type: thin}"}).find("head")->find("channels"), nullptr);
}

TEST(Override, ReportsWhatItCannotDo) {
  TemporaryFolder folder;
  const std::string file = folder.write("p.yaml", "a: 1\nl: [1, 2]\n");
  EXPECT_THAT(load_error(file, {"a.b=1"}), HasSubstr("--set a.b=1: a.b: a is the number 1 and has no keys"));
  EXPECT_THAT(load_error(file, {"l.2=1"}), HasSubstr("--set l.2=1: l.2: expected an index below 2"));
  EXPECT_THAT(load_error(file, {"l.x=1"}), HasSubstr("expected an index"));
  EXPECT_THAT(load_error(file, {"nothing"}), HasSubstr("--set nothing: expected key.path=value"));
  EXPECT_THAT(load_error(file, {"a..b=1"}), HasSubstr("expected key.path=value"));
  EXPECT_THAT(load_error(file, {"a=[1"}), HasSubstr("--set a=[1: a: not valid YAML"));
  EXPECT_THAT(load_error(file, {"extends=x.yaml"}), HasSubstr("only a file can extend"));
}

TEST(PluginPaths, AreReadBeforeAnythingElse) {
  TemporaryFolder folder;
  const std::string file =
      folder.write("p.yaml", "plugins: [lib, /opt/a.so]\nmodel: {head: {type: ./my.so:psp}, memory: {type: recall}}\n");
  Problems problems;
  const Node root = load_pipeline_file(file, {"plugins.1=b.so"}, problems);
  const std::vector<NamedPlugin> named = read_plugins(root);
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].path, folder.path("lib"));
  EXPECT_EQ(to_string(named[0].place), file + ":1:11");
  EXPECT_EQ(named[0].key_path, "plugins.0");
  EXPECT_EQ(named[1].path, std::filesystem::absolute("b.so"));
  EXPECT_EQ(to_string(named[1].place), "--set plugins.1=b.so");
  const std::vector<NamedPlugin> types = read_type_paths(root);
  ASSERT_EQ(types.size(), 1U);
  EXPECT_EQ(types[0].path, folder.path("my.so"));
  EXPECT_EQ(types[0].key_path, "model.head.type");
}

}  // namespace
}  // namespace sshost::config
