#include "report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "base/error.h"
#include "report/chart.h"
#include "report/history.h"
#include "report/html.h"
#include "report/samples.h"

namespace sshost::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// Elements that were opened and not closed, or the other way round.
std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z0-9]+)([^<>]*)>");
  const std::string body = std::regex_replace(html, std::regex("<(script|style)>[^]*?</\\1>"), "");
  for (std::sregex_iterator match(body.begin(), body.end(), tag), end; match != end; ++match) {
    const std::string name = (*match)[2], rest = (*match)[3];
    if (name == "meta" || name == "img" || name == "input" || (!rest.empty() && rest.back() == '/')) continue;
    if ((*match)[1].length() == 0) {
      open.push_back(name);
    } else if (!open.empty() && open.back() == name) {
      open.pop_back();
    } else {
      return "</" + name + ">";
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

// Without the images' data, which std::regex cannot take in one piece.
std::string small_html(Report report) {
  report.comparisons.clear();
  return to_html(report);
}

TEST(Report, NeedsNothingOutsideOfItself) {
  const std::string html = to_html(sample_report());
  for (const char* link : {"http:", "https:", "<link", "src=\"/", "@import"}) EXPECT_THAT(html, Not(HasSubstr(link)));
  EXPECT_THAT(html, HasSubstr("data:image/jpeg;base64,"));
  EXPECT_THAT(html, HasSubstr("data:image/png;base64,"));
}

TEST(Report, IsWellFormed) {
  EXPECT_EQ(unbalanced(small_html(sample_report())), "");
  EXPECT_EQ(unbalanced(small_html(Report{})), "");
}

TEST(Report, SaysWhereTheMeanIsThatOfOneClass) {
  const auto scores = [](const nlohmann::json& more) {
    nlohmann::json line = {{"kind", "evaluate"}, {"mean_iou", 1.0}, {"classes", {{{"name", "a"}, {"pixels", 9}}}}};
    line.update(more);
    Report report;
    report.scores = read_scores({line}, {});
    return small_html(report);
  };
  EXPECT_THAT(scores({{"only_class", "a"}}), HasSubstr("Mean IoU of one class alone"));
  // A task of one output, such as an object and all else, has one class in its scores too.
  EXPECT_THAT(scores(nlohmann::json::object()), Not(HasSubstr("of one class alone")));
}

TEST(Report, EscapesWhatItShows) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("camvid &lt;fcn&gt; &amp; &quot;more&quot;"));
  EXPECT_THAT(html, HasSubstr("seq/&lt;1&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<fcn>")));
}

TEST(Report, ShowsEveryPart) {
  const std::string html = to_html(sample_report());
  for (const char* part :
       {"Learning rate", "IoU per class", "90.00", "Truth", "Prediction", "Mistakes", "100.00 % of the",
        "<span class=\"key\">head</span>", "LibTorch", "/plugins/fcn.so", "#c08080"})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST(Report, ShowsHowOftenTheClassesOccurAndWhatWasCounted) {
  const std::string html = small_html(sample_report());
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">75.00</td>")) << "of what was trained on";
  EXPECT_THAT(html, HasSubstr("Evaluated on: 900 pixels; of all, 10.00 % are ignored"));
}

TEST(Report, ListsTheImagesWithTheWorstFirst) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, HasSubstr("mean IoU 12.50 % · 100.00 % of the pixels are right"));
  EXPECT_THAT(html, HasSubstr("The worst"));
  EXPECT_THAT(html, HasSubstr("image_scores.csv"));
  EXPECT_LT(html.rfind("<td>seq/&lt;1&gt;</td>"), html.find("<td>seq/2</td>"));
}

TEST(Report, LeavesOutWhatThereIsNot) {
  Report report;
  report.title = "empty";
  const std::string html = to_html(report);
  for (const char* part : {"<h2>Training", "IoU per class", "<h2>Images", "class=\"tiles\"", "<details"})
    EXPECT_THAT(html, Not(HasSubstr(part)));
}

TEST(Report, AClassThatNeverOccursHasNoNumber) {
  const std::string html = to_html(sample_report());
  EXPECT_THAT(html, Not(HasSubstr("nan")));
  EXPECT_THAT(html, Not(HasSubstr("inf")));
  EXPECT_THAT(html, HasSubstr(">–</td>"));
}

TEST(Report, ShowsTheMetricsThatWereTaken) {
  Report report = sample_report();
  EXPECT_THAT(small_html(report), Not(HasSubstr("Dice")));
  report.scores->classes[0].values["dice"] = 0.123;
  report.scores->means["dice"] = 0.123;
  report.scores->means["f_score"] = 0.456;
  report.scores->means["boundary_iou"] = 0.789;
  report.scores->mean_ious = {0.9, 0.91, 0.92, 0.93};
  const std::string html = small_html(report);
  EXPECT_EQ(unbalanced(html), "");
  for (const char* part : {"Dice %", "12.30", "Boundary IoU %", "78.90", "92.00", "detectron2"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_THAT(html, Not(HasSubstr("45.60"))) << "F1 is Dice";
  report.scores->beta = 2;
  EXPECT_THAT(small_html(report), testing::AllOf(HasSubstr("F2 %"), HasSubstr("45.60")));
}

TEST(Report, CurvesStayInsideTheirFrame) {
  Report report = sample_report();
  report.history->losses[0].points[5].value = 1e30;
  report.history->losses[0].points[6].value = NAN;
  const std::string html = small_html(report);
  const std::regex point("[ML]([0-9.e+-]+) ([0-9.e+-]+)");
  int count = 0;
  for (std::sregex_iterator match(html.begin(), html.end(), point), end; match != end; ++match, ++count) {
    EXPECT_GE(std::stod((*match)[1]), 0);
    EXPECT_LE(std::stod((*match)[1]), 1120);
    EXPECT_GE(std::stod((*match)[2]), 0);
    EXPECT_LE(std::stod((*match)[2]), 320);
  }
  EXPECT_GT(count, 300);
}

TEST(Report, ALoneEvaluationStandsAtTheEndOfItsTraining) {
  const std::string html = to_html(Chart{"Mean IoU", {{"mean IoU", {{300, 0.4}}}}});
  EXPECT_THAT(html, HasSubstr(">300</text>"));
  EXPECT_THAT(html, Not(HasSubstr(">400</text>")));
}

TEST(Report, IsWrittenAsAWholeOrNotAtAll) {
  std::string pattern = testing::TempDir() + "report-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path folder = pattern;
  write_report(folder / "report.html", sample_report());
  std::ostringstream text;
  text << std::ifstream(folder / "report.html").rdbuf();
  EXPECT_EQ(text.str(), to_html(sample_report()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  EXPECT_THROW(write_report(folder / "absent" / "report.html", sample_report()), Error);
  std::filesystem::remove_all(folder);
}

TEST(Html, WritesNumbersForPeople) {
  EXPECT_EQ(number(0.01), "0.01");
  EXPECT_EQ(number(1.5e-5), "1.5e-05");
  EXPECT_EQ(number(NAN), "–");
  EXPECT_EQ(percent(0.47891), "47.89");
  EXPECT_EQ(duration(0.2), "200 ms");
  EXPECT_EQ(duration(75), "1 min 15 s");
  EXPECT_EQ(duration(7260), "2 h 1 min");
}

}  // namespace
}  // namespace sshost::report
