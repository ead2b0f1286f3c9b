#include "data/label_census.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshost::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Class> kClasses = {{"ground", {}, 0}, {"road", {}, 1}, {"car", {}, 2}};

at::Tensor labels(std::initializer_list<int64_t> values) { return at::tensor(values, at::kLong).view({1, 1, -1}); }

TEST(LabelCensus, CountsWhatIsThereAndWhatIsIgnored) {
  data::LabelCensus census(3);
  census.add(labels({0, 0, 2, 255}));
  census.add(labels({2, 2, 255, -1}));
  EXPECT_EQ(census.images(), 2);
  EXPECT_EQ(census.labelled(), 5);
  EXPECT_EQ(census.ignored(), 3);
  EXPECT_THAT(census.present(), ElementsAre(0, 2));
  EXPECT_EQ(describe(census, kClasses), "2 of 3 classes, 37.5 % ignored; not among them: road");
  EXPECT_EQ(warning_of(census, kClasses), "");
}

TEST(LabelCensus, IsThatOfAnInspectionToo) {
  Inspection seen;
  seen.read = 5;
  seen.unlabelled = 1;
  seen.labels = {{1, {30, 2}}, {255, {10, 1}}, {77, {5, 1}}};
  const data::LabelCensus census(seen, {kClasses, 255});
  EXPECT_EQ(census.images(), 4);
  EXPECT_EQ(census.labelled(), 30);
  EXPECT_EQ(census.ignored(), 10);
  EXPECT_EQ(census.only_class(), 1U);
}

TEST(LabelCensus, WarnsWhereThereIsNothingToTellApart) {
  data::LabelCensus census(3);
  EXPECT_EQ(warning_of(census, kClasses), "") << "nothing was looked at";
  census.add(labels({255, 255}));
  EXPECT_THAT(warning_of(census, kClasses), HasSubstr("all are ignored"));
  EXPECT_EQ(describe(census, kClasses), "0 of 3 classes, 100.0 % ignored");
  census.add(labels({1, 255}));
  EXPECT_THAT(warning_of(census, kClasses), HasSubstr("the class road"));
}

TEST(LabelCensus, OfSeveralRanksIsTheSumOfTheirCounts) {
  data::LabelCensus one(3), other(3);
  one.add(labels({0, 255}));
  other.add(labels({1, 1}));
  one.set_counts(one.counts() + other.counts());
  EXPECT_THAT(one.present(), ElementsAre(0, 1));
  EXPECT_EQ(one.images(), 2);
  EXPECT_EQ(one.labelled(), 3);
  EXPECT_EQ(one.ignored(), 1);
}

TEST(LabelCensus, OfSetsCountsAPixelForEachOfItsClasses) {
  data::LabelCensus census(3, true);
  census.add(labels({0b000, 0b101, 0b001, -1}));
  EXPECT_EQ(census.labelled(), 3);
  EXPECT_EQ(census.ignored(), 1);
  EXPECT_THAT(census.present(), ElementsAre(0, 2));
  EXPECT_EQ(warning_of(census, kClasses), "");
  data::LabelCensus one(3, true), none(3, true);
  one.add(labels({0b001, 0}));
  EXPECT_EQ(warning_of(one, kClasses), "") << "it is told from what is of none";
  none.add(labels({0, 0}));
  EXPECT_THAT(warning_of(none, kClasses), HasSubstr("no pixel of these labels is of a class"));
}

}  // namespace
}  // namespace sshost::data
