#include "report/run_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/samples.h"

namespace sshost::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Table, HasColumnsAsWideAsTheirWidestCellInCharacters) {
  const Table table{{"key", "ä"}, {{"länger", "1"}, {"b", ""}}};
  EXPECT_THAT(to_lines(table), ElementsAre("key     ä", "länger  1", "b"));
}

TEST(RunComparison, PutsMetricsSideBySide) {
  const Table table = metrics_table(sample_comparison());
  EXPECT_THAT(table.header, ElementsAre("metric", "a", "<b>"));
  EXPECT_THAT(table.rows,
              ElementsAre(ElementsAre("mean IoU %", "40.00", "45.00"), ElementsAre("mean accuracy %", "60.00", "60.00"),
                          ElementsAre("pixel accuracy %", "70.00", "70.00"),
                          ElementsAre("best mean IoU %", "50.00 (step 25)", "50.00 (step 25)"),
                          ElementsAre("last loss", "0.5", "0.25"), ElementsAre("steps", "50", "50"),
                          ElementsAre("time per step", "2.0 s", "500 ms"), ElementsAre("images / s", "2", "8")));
}

TEST(RunComparison, GivesTheDifferenceOfEachClassToTheFirstRun) {
  const Table table = classes_table(sample_comparison());
  EXPECT_THAT(table.header, ElementsAre("IoU %", "a", "<b>", "difference"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("sky", "80.00", "75.00", "-5.00"), ElementsAre("car", "–", "–", "–"),
                                      ElementsAre("bus", "–", "10.00", "–")));
}

TEST(RunComparison, LeavesOutWhatNoRunHas) {
  RunComparison comparison = sample_comparison();
  for (ComparedRun& run : comparison.runs) run.scores.reset();
  EXPECT_EQ(metrics_table(comparison).rows.front().front(), "best mean IoU %");
  EXPECT_THAT(classes_table(comparison).rows, IsEmpty());
  EXPECT_THAT(to_html(comparison), Not(HasSubstr("IoU per class")));
}

TEST(RunComparison, LaysTheCurvesOfAllRunsOverEachOther) {
  const std::string html = to_html(sample_comparison());
  for (const char* part : {"Loss", "Mean IoU", "Learning rate", "model.head.type", "&lt;b&gt;", "sky"}) {
    EXPECT_THAT(html, HasSubstr(part)) << part;
  }
  EXPECT_THAT(html, Not(HasSubstr("<b></td>")));
  size_t charts = 0;
  for (size_t at = html.find("class=\"chart\""); at != std::string::npos; at = html.find("class=\"chart\"", at + 1)) {
    ++charts;
  }
  EXPECT_EQ(charts, 3U);
  EXPECT_THAT(html, HasSubstr("data-series=\"[[["));
}

}  // namespace
}  // namespace sshost::report
