#include "report/contact_sheet.h"

#include <gtest/gtest.h>

namespace sshost::report {
namespace {

const Palette kPalette = {{200, 0, 0}, {0, 200, 0}};

SheetEntry entry(int rows, int columns, int label) {
  return {cv::Mat(rows, columns, CV_8UC3, cv::Scalar(100, 110, 120)), cv::Mat(rows, columns, CV_32S, cv::Scalar(label)),
          "a"};
}

bool holds(const cv::Mat& sheet, const cv::Vec3b& color) {
  cv::Mat found;
  cv::inRange(sheet, color, color, found);
  return cv::countNonZero(found) > 0;
}

TEST(ContactSheet, ShowsEachImageBesideItsLabel) {
  const cv::Mat sheet = contact_sheet({entry(20, 40, 1)}, kPalette, 40, 3);
  EXPECT_EQ(sheet.type(), CV_8UC3);
  EXPECT_GE(sheet.cols, 80);
  EXPECT_TRUE(holds(sheet, {100, 110, 120}));
  EXPECT_TRUE(holds(sheet, {40, 164, 48}));  // 0.4 of the image, 0.6 of the colour
}

TEST(ContactSheet, KeepsTheRatioOfTheSides) {
  const int narrow = contact_sheet({entry(20, 40, 0)}, kPalette, 100, 1).rows;
  const int high = contact_sheet({entry(80, 40, 0)}, kPalette, 100, 1).rows;
  EXPECT_EQ(high - narrow, 150);  // 200 against 50
}

TEST(ContactSheet, WrapsIntoRows) {
  const cv::Mat one = contact_sheet({entry(20, 40, 0)}, kPalette, 40, 2);
  const cv::Mat four = contact_sheet(std::vector<SheetEntry>(4, entry(20, 40, 0)), kPalette, 40, 2);
  EXPECT_GE(four.cols, one.cols + 80);
  EXPECT_GE(four.rows, one.rows + 20);
}

TEST(ContactSheet, TakesEntriesWithoutALabel) {
  SheetEntry bare = entry(20, 40, 0);
  bare.label = cv::Mat();
  EXPECT_TRUE(holds(contact_sheet({bare}, kPalette, 40, 1), {100, 110, 120}));
}

TEST(ContactSheet, LeavesABackgroundClear) {
  const Palette palette = make_palette({"background", "cat"}, {{200, 0, 0}, {0, 200, 0}});
  const cv::Mat sheet = contact_sheet({entry(20, 40, 0)}, palette, 40, 1);
  cv::Mat found;
  cv::inRange(sheet, cv::Vec3b(100, 110, 120), cv::Vec3b(100, 110, 120), found);
  EXPECT_EQ(cv::countNonZero(found), 2 * 20 * 40) << "the image, and the image again";
}

// A line of the legend is 22 pixels high, and below it is a gap of 8.
TEST(ContactSheet, HasALegendOfTheClassesThatOccur) {
  const cv::Mat without = contact_sheet({entry(20, 40, 1)}, kPalette, 400, 1);
  const cv::Mat with = contact_sheet({entry(20, 40, 1)}, kPalette, 400, 1, {"red", "green"});
  EXPECT_EQ(with.rows, without.rows + 30);
  EXPECT_TRUE(holds(with, {0, 200, 0}));
  EXPECT_FALSE(holds(with, {200, 0, 0})) << "does not occur";
  EXPECT_FALSE(holds(without, {0, 200, 0})) << "only mixed with the image";
}

TEST(ContactSheet, ALongLegendHasSeveralLines) {
  std::vector<std::string> names;
  Palette palette;
  std::vector<SheetEntry> entries;
  for (int i = 0; i < 12; ++i) {
    names.push_back("class number " + std::to_string(i));
    palette.push_back({static_cast<uint8_t>(20 * i), 7, 9});
    entries.push_back(entry(20, 40, i));
  }
  const cv::Mat without = contact_sheet(entries, palette, 100, 2);
  EXPECT_GE(contact_sheet(entries, palette, 100, 2, names).rows, without.rows + 3 * 22);
}

}  // namespace
}  // namespace sshost::report
