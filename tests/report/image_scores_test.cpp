#include "report/image_scores.h"

#include <gtest/gtest.h>

namespace sshost::report {
namespace {

TEST(ImageScores, AreATableThatSpreadsheetsRead) {
  EXPECT_EQ(image_scores_csv({{"a, \"b\"", 0.25, 0.5}, {"c", kNotKnown, kNotKnown}}),
            "image,mean_iou,pixel_accuracy\n\"a, \"\"b\"\"\",0.25,0.5\nc,,\n");
}

}  // namespace
}  // namespace sshost::report
