#include "data/class_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ClassLists, OfTheSameNamesInAnotherOrderDiffer) {
  const auto found = difference({"split train", {"road", "car"}}, {"split val", {"car", "road"}});
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, AllOf(HasSubstr("split train, [road, car]"), HasSubstr("split val, [car, road]"),
                            HasSubstr("data: {dataset: {classes: [road, car]}}")));
}

TEST(ClassLists, OneListForBothHasTheClassesOfEither) {
  const auto found = difference({"split train", {"road"}}, {"split val", {"road", "a: b"}});
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, HasSubstr("classes: [road, 'a: b']"));
}

TEST(ClassLists, ThatAreTheSameDoNotDiffer) {
  EXPECT_FALSE(difference({"split train", {"road", "car"}}, {"split val", {"road", "car"}}));
}

}  // namespace
}  // namespace sshost::data
