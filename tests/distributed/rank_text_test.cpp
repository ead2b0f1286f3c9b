#include "distributed/rank_text.h"

#include <gtest/gtest.h>

namespace sshost::distributed {
namespace {

TEST(RankText, ListsRanksAndRangesOfThem) {
  EXPECT_EQ(list_ranks({3}), "rank 3");
  EXPECT_EQ(list_ranks({1, 2}), "ranks 1, 2");
  EXPECT_EQ(list_ranks({0, 1, 2, 5}), "ranks 0-2, 5");
  EXPECT_EQ(list_ranks({0, 2, 3, 4, 5, 7, 8}), "ranks 0, 2-5, 7, 8");
}

}  // namespace
}  // namespace sshost::distributed
