// The pages as a person opens them: in a browser, with their script at work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "report/page.h"
#include "report/run_comparison.h"
#include "report/samples.h"
#include "report/similarity.h"
#include "temp_folder.h"

namespace sshost::report {
namespace {

using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

// Moves the pointer over every chart, sorts by every column, moves the slider; says what it saw.
constexpr const char* kVisitor = R"js(<script>
addEventListener('load', () => {
  for (const svg of document.querySelectorAll('.chart svg')) {
    const box = svg.getBoundingClientRect();
    const middle = {clientX: box.left + box.width / 2, clientY: box.top + box.height / 2};
    svg.dispatchEvent(new PointerEvent('pointermove', middle));
    const readout = svg.closest('.chart').querySelector('.readout');
    console.log(`visitor: ${readout.style.visibility}: ${readout.innerText.replaceAll('\n', ' | ')}`);
    svg.dispatchEvent(new PointerEvent('pointerleave'));
  }
  for (const head of document.querySelectorAll('.scores th')) head.click();
  const classes = [...document.querySelectorAll('.scores tbody tr')].map(row => row.cells[0].textContent);
  if (classes.length) console.log('visitor: classes ' + classes.join(', '));
  const slider = document.querySelector('#mask');
  const page = document.documentElement;
  console.log(`visitor: page ${page.scrollWidth <= page.clientWidth ? 'fits' : 'is too wide: ' + page.scrollWidth}`);
  for (const cells of document.querySelectorAll('.matrix .cells')) {
    const box = cells.getBoundingClientRect();
    const last = {clientX: box.right - 3, clientY: box.top + 3};
    cells.dispatchEvent(new PointerEvent('pointermove', last));
    console.log('visitor: matrix ' + cells.closest('.matrix').querySelector('output').textContent);
  }
  if (slider) {
    slider.value = 20;
    slider.dispatchEvent(new Event('input'));
    console.log('visitor: mask ' + getComputedStyle(document.documentElement).getPropertyValue('--mask'));
  }
});
</script></body>)js";

std::string browser() {
  for (const char* name : {"chromium-headless-shell", "chromium", "google-chrome"}) {
    if (std::system((std::string("command -v ") + name + " >/dev/null").c_str()) == 0) return name;
  }
  return "";
}

struct Visit {
  std::vector<std::string> seen;      // what the visitor says
  std::vector<std::string> messages;  // all else on the console: errors of the page
  cv::Mat screenshot;
};

Visit visit(const std::string& html, int width = 1240) {
  const test::TempFolder folder;
  std::string page = html;
  page.replace(page.find("</body>"), 7, kVisitor);
  test::write_bytes(folder / "page.html", page);
  const std::string command = "timeout 100 " + browser() +
                              " --headless --no-sandbox --disable-gpu --hide-scrollbars --enable-logging=stderr"
                              " --window-size=" +
                              std::to_string(width) + ",1600 --user-data-dir=" + (folder / "profile").string() +
                              " --screenshot=" + (folder / "page.png").string() + " file://" +
                              (folder / "page.html").string() + " >" + (folder / "log").string() + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  Visit result;
  std::istringstream log(test::read_bytes(folder / "log"));
  for (std::string line; std::getline(log, line);) {
    if (line.find(":CONSOLE") == std::string::npos) continue;
    (line.find("\"visitor: ") == std::string::npos ? result.messages : result.seen).push_back(line);
  }
  result.screenshot = cv::imread((folder / "page.png").string());
  return result;
}

// That something was drawn: no page of one colour.
void expect_picture(const cv::Mat& screenshot) {
  ASSERT_EQ(screenshot.cols, 1240);
  cv::Mat mean, deviation;
  cv::meanStdDev(screenshot, mean, deviation);
  EXPECT_GT(deviation.at<double>(0), 5);
}

class Browser : public testing::Test {
 protected:
  void SetUp() override {
    if (browser().empty()) GTEST_SKIP() << "no chromium on this machine (Debian package chromium-headless-shell)";
  }
};

TEST_F(Browser, ShowsAReportWithoutAnError) {
  const Visit result = visit(to_html(sample_report()));
  EXPECT_THAT(result.messages, IsEmpty());
  EXPECT_THAT(result.seen, Contains(ContainsRegex("visible: step (49|50|51) . total 0.0[0-9]+ . head 0.0[0-9]+")));
  EXPECT_THAT(result.seen, Contains(HasSubstr("visible: step 50 | mean IoU 30 %")));
  EXPECT_THAT(result.seen, Contains(HasSubstr("classes sign, sky")));  // by the last column, rising
  EXPECT_THAT(result.seen, Contains(HasSubstr("mask 0.2")));
  expect_picture(result.screenshot);
}

TEST_F(Browser, TellsThePairUnderThePointer) {
  EXPECT_THAT(visit(to_html(sample_report())).seen, Contains(HasSubstr("matrix true class sky, predicted sign: 2.2")));
}

// A telephone is 360 pixels wide: what is wider scrolls in its own box.
TEST_F(Browser, PagesFitATelephone) {
  Report wide = sample_report();
  for (int i = 2; i < 150; ++i) {
    wide.classes.push_back({"a class with the number " + std::to_string(i), {9, 9, 9}, 0.5, 0.5, 1});
  }
  wide.scores->classes = wide.classes;
  wide.scores->confusion.assign(150, std::vector<int64_t>(150, 1));
  wide.history->class_pixels.assign(150, 7);
  SimilarityMap map{{"sky", "road"}, cv::Mat::eye(2, 2, CV_64F)};
  for (const std::string& page : {to_html(sample_report()), to_html(wide), to_html(sample_comparison()),
                                  similarity_page("memory", "step 1", map, "")}) {
    const Visit result = visit(page, 360);
    EXPECT_THAT(result.messages, IsEmpty());
    EXPECT_THAT(result.seen, Contains(HasSubstr("page fits")));
  }
}

TEST_F(Browser, ShowsAComparisonWithoutAnError) {
  const Visit result = visit(to_html(sample_comparison()));
  EXPECT_THAT(result.messages, IsEmpty());
  EXPECT_THAT(result.seen, Contains(HasSubstr("visible: step 25 | a 50 % | <b> 50 %")));
  expect_picture(result.screenshot);
}

TEST_F(Browser, WouldTellAnError) {
  const Visit result = visit(whole_page("x", "<script>nothing.at.all();</script>"));
  EXPECT_THAT(result.messages, Contains(HasSubstr("nothing is not defined")));
}

}  // namespace
}  // namespace sshost::report
