// The pages as a person opens them: in a browser, with their script at work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "report/page.h"
#include "report/run_comparison.h"
#include "report/samples.h"
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
    const readout = svg.parentNode.querySelector('.readout');
    console.log(`visitor: ${readout.style.visibility}: ${readout.innerText.replaceAll('\n', ' | ')}`);
    svg.dispatchEvent(new PointerEvent('pointerleave'));
  }
  for (const head of document.querySelectorAll('.scores th')) head.click();
  const classes = [...document.querySelectorAll('.scores tbody tr')].map(row => row.cells[0].textContent);
  if (classes.length) console.log('visitor: classes ' + classes.join(', '));
  const slider = document.querySelector('#mask');
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

Visit visit(const std::string& html) {
  const test::TempFolder folder;
  std::string page = html;
  page.replace(page.find("</body>"), 7, kVisitor);
  test::write_bytes(folder / "page.html", page);
  const std::string command = "timeout 100 " + browser() +
                              " --headless --no-sandbox --disable-gpu --hide-scrollbars --enable-logging=stderr"
                              " --window-size=1240,1600 --user-data-dir=" +
                              (folder / "profile").string() + " --screenshot=" + (folder / "page.png").string() +
                              " file://" + (folder / "page.html").string() + " >" + (folder / "log").string() + " 2>&1";
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
