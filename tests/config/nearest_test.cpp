#include "config/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace sshost::config {
namespace {

TEST(Nearest, CountsSwappedNeighboursOnce) {
  EXPECT_EQ(edit_distance("dilatoins", "dilations"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> names{"dilations", "channels", "dropout"};
  EXPECT_EQ(suggestion("dilatoins", names), " (did you mean \"dilations\"?)");
  EXPECT_EQ(nearest_name("chanels", names), "channels");
  EXPECT_EQ(nearest_name("weights", names), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'd'), names), "");
}

TEST(Nearest, OfTwoThatAreAsNearTakesTheOneThatBeginsAlike) {
  EXPECT_EQ(nearest_name("pspp", std::vector<std::string>{"aspp", "fcn", "psp"}), "psp");
}

}  // namespace
}  // namespace sshost::config
