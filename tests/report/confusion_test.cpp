#include "report/confusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/picture.h"

namespace sshost::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Scores some_scores() {
  Scores scores;
  scores.classes = {{"sky", {}, 0.5, 0.5, 100}, {"<road>", {}, 0.5, 0.5, 1000}, {"sign", {}, NAN, NAN, 0}};
  scores.confusion = {{75, 25, 0}, {4, 996, 0}, {0, 0, 0}};
  return scores;
}

TEST(Confusion, EachRowIsOfTheClassesOwnPixels) {
  const Matrix matrix = confusion_matrix(some_scores());
  EXPECT_EQ(matrix.values, (std::vector<std::string>{"75", "25", "0", "0.4", "99.6", "0", "", "", ""}));
}

TEST(Confusion, MistakesHaveTheirColorAndWhatIsNotThereIsClear) {
  const Matrix matrix = confusion_matrix(some_scores());
  const auto mistake = matrix.colors.at<cv::Vec4b>(0, 1), right = matrix.colors.at<cv::Vec4b>(0, 0);
  EXPECT_EQ(cv::Vec3b(mistake[0], mistake[1], mistake[2]), kMistake);
  EXPECT_NEAR(mistake[3], 255 / 2, 1) << "the root of a quarter";
  EXPECT_GT(right[2], right[0]) << "blue";
  EXPECT_EQ(matrix.colors.at<cv::Vec4b>(2, 2)[3], 0);
}

TEST(Confusion, ThePageNamesTheMostFrequentMistakes) {
  const std::string html = confusion_section(some_scores());
  EXPECT_THAT(html, HasSubstr("<td>sky</td><td>&lt;road&gt;</td><td>25.00</td>"));
  EXPECT_LT(html.find("<td>25.00</td>"), html.find("<td>0.40</td>"));
  EXPECT_THAT(html, HasSubstr("true class ↓"));
  EXPECT_THAT(html, HasSubstr(">99.6</text>"));
  EXPECT_THAT(html, Not(HasSubstr("<road>")));
}

TEST(Confusion, AnOlderRunHasNone) {
  Scores scores = some_scores();
  scores.confusion.clear();
  EXPECT_EQ(confusion_section(scores), "");
  scores.confusion = {{1}};
  EXPECT_EQ(confusion_section(scores), "") << "of other classes";
}

// 150 values do not fit into the cells; their names stand beside them.
TEST(Confusion, OfManyClassesIsDrawnWithoutValues) {
  Scores scores;
  for (int i = 0; i < 150; ++i) {
    scores.classes.push_back({"class " + std::to_string(i), {}, 0.5, 0.5, 1});
    scores.confusion.emplace_back(150, 1);
  }
  const std::string html = confusion_section(scores);
  EXPECT_THAT(html, HasSubstr(">class 149</text>"));
  EXPECT_THAT(html, Not(HasSubstr("class=\"values\"")));
  EXPECT_LT(html.size(), 600000u);
}

}  // namespace
}  // namespace sshost::report
