#include "evaluate/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sshost::evaluate {
namespace {

// A row of the table of docs/metrics.md is its metric's name and help.
TEST(Metric, StandsInTheDocumentationAsItIs) {
  std::ostringstream page;
  page << std::ifstream(SSHOST_SOURCE_DIR "/docs/metrics.md").rdbuf();
  std::string rows;
  for (const Metric& metric : metrics()) {
    rows += "| `" + std::string(metric.name) + "` | " + std::string(metric.help) + " |\n";
  }
  EXPECT_THAT(page.str(), testing::HasSubstr("|---|---|---|\n" + rows));
}

TEST(Metric, IsCalledAfterItsBeta) {
  for (const Metric& metric : metrics()) {
    if (!metric.has_beta) continue;
    EXPECT_EQ(title_of(metric, 2), std::string(metric.label) + "2");
    EXPECT_EQ(title_of(metric, 0.5), std::string(metric.label) + "0.5");
  }
}

TEST(Metric, IsNotANumberWhereNothingIsCounted) {
  for (const Metric& metric : metrics()) EXPECT_NE(metric.of({}, {}), metric.of({}, {})) << metric.name;
}

}  // namespace
}  // namespace sshost::evaluate
