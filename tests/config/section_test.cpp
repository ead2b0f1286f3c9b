#include "config/section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/checker.h"
#include "config/load.h"
#include "config/sections.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Inner {
  double share = 5e-4;
  std::vector<std::int64_t> maps = {-2, 3};
};

struct Outer {
  std::int64_t count = 7;
  bool is_loud = true;
  std::vector<double> thresholds = {0.5};
  std::optional<double> limit;
  std::pair<double, double> betas = {0.9, 0.999};
  Inner inner = {.share = 0.25};
  std::optional<Inner> other;
  std::vector<Inner> many;
};

Section<Inner> inner_section() {
  return Section<Inner>({{key("share", "").between(0, 1), &Inner::share}, {key("maps", "").list(1), &Inner::maps}});
}

Section<Outer> outer_section() {
  return Section<Outer>({{key("count", "").at_least(1), &Outer::count},
                         {key("voice", ""), &Outer::is_loud, {"low", "loud"}},
                         {key("threshold", "").list(1).nullable(), &Outer::thresholds},
                         {key("limit", ""), &Outer::limit},
                         {key("betas", "").list(2), &Outer::betas},
                         {key("inner", ""), &Outer::inner, inner_section()},
                         {key("other", ""), &Outer::other, inner_section()},
                         {key("many", ""), &Outer::many, inner_section()}});
}

Outer read(const std::string& yaml) {
  Problems problems;
  const Node node = load_pipeline_text(yaml, "p.yaml", {}, problems);
  const Schema schema = outer_section().schema();
  const ss_options_object checked = check_options(node, &schema.abi(), "outer", {}, problems);
  EXPECT_THAT(problems.lines(), IsEmpty());
  return outer_section().read(checked);
}

TEST(Section, DefaultsAreTheMembersOwn) {
  const Outer plain = read("{}");
  EXPECT_EQ(plain.count, 7);
  EXPECT_TRUE(plain.is_loud);
  EXPECT_THAT(plain.thresholds, ElementsAre(0.5));
  EXPECT_FALSE(plain.limit);
  EXPECT_THAT(plain.betas, testing::Pair(0.9, 0.999));
  EXPECT_EQ(plain.inner.share, 0.25);
  EXPECT_THAT(plain.inner.maps, ElementsAre(-2, 3));
  EXPECT_FALSE(plain.other);
  EXPECT_THAT(plain.many, IsEmpty());
}

TEST(Section, ReadsWhatIsWritten) {
  const Outer own = read(
      "{count: 3, voice: low, threshold: [0.1, 0.2], limit: 4, betas: [0.5, 0.6], inner: {maps: [1]}, other: {}, "
      "many: [{share: 1}, {}]}");
  EXPECT_EQ(own.count, 3);
  EXPECT_FALSE(own.is_loud);
  EXPECT_THAT(own.thresholds, ElementsAre(0.1, 0.2));
  EXPECT_EQ(own.limit, 4.0);
  EXPECT_THAT(own.betas, testing::Pair(0.5, 0.6));
  EXPECT_THAT(own.inner.maps, ElementsAre(1));
  EXPECT_EQ(own.inner.share, 0.25);
  ASSERT_TRUE(own.other);
  EXPECT_EQ(own.other->share, 5e-4);
  ASSERT_EQ(own.many.size(), 2U);
  EXPECT_EQ(own.many[0].share, 1);
  EXPECT_EQ(own.many[1].share, 5e-4);
}

TEST(Section, NullLeavesAMemberAsItIs) {
  const Outer own = read("{threshold: null, limit: null, other: null}");
  EXPECT_THAT(own.thresholds, ElementsAre(0.5));
  EXPECT_FALSE(own.limit);
  EXPECT_FALSE(own.other);
}

TEST(Section, PrintsDefaultsAsShortAsTheyCanBe) {
  const std::string help = describe(outer_section().schema().abi());
  EXPECT_THAT(help, testing::ContainsRegex("share +number in \\[0, 1\\] +0.25"));  // of `inner`, as Outer has it
  EXPECT_THAT(help, testing::ContainsRegex("share +number in \\[0, 1\\] +5e-4"));
  EXPECT_THAT(help, testing::ContainsRegex("betas +list of numbers, at least 2 +\\[0.9, 0.999\\]"));
  EXPECT_THAT(help, testing::ContainsRegex("voice +loud \\| low +loud"));
  EXPECT_THAT(help, testing::ContainsRegex("limit +number, or null +null"));
}

// What a program that makes a Pipeline by hand has is what an empty key gives.
TEST(Section, OfAPipelineHasTheDefaultsOfItsStruct) {
  Problems problems;
  const Node node = load_pipeline_text("{data: {dataset: {}}, model: {backbone: {}}}", "p.yaml", {}, problems);
  const ss_options_object checked = check_options(node, &pipeline_schema().abi(), "the pipeline", {}, problems);
  EXPECT_THAT(problems.lines(), IsEmpty());
  const Pipeline read = pipeline_section().read(checked);
  EXPECT_EQ(read.data.train.split, "train");
  EXPECT_EQ(read.data.evaluate.split, "val");
  EXPECT_EQ(read.run, Pipeline().run);
  EXPECT_EQ(read.weights.require_sound_values, Pipeline().weights.require_sound_values);
  EXPECT_EQ(read.evaluate.prediction_formats, Pipeline().evaluate.prediction_formats);
}

}  // namespace
}  // namespace sshost::config
