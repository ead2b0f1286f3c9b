#include "report/contact_sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace sshost::report {

namespace {

constexpr int kGap = 8;
constexpr int kCaption = 18;

constexpr int kLegendLine = 22;
constexpr int kSwatch = 14;
constexpr double kFont = 0.4;
constexpr double kOpacity = 0.6;

bool is_clear(int label, const Palette& palette) {
  return label >= 0 && static_cast<size_t>(label) < palette.size() && palette[static_cast<size_t>(label)].is_clear;
}

cv::Mat with_label(const cv::Mat& image, const cv::Mat& label, const Palette& palette) {
  cv::Mat colors;
  cv::cvtColor(paint(label, palette), colors, cv::COLOR_RGBA2RGB);
  cv::Mat mixed;
  cv::addWeighted(image, 1 - kOpacity, colors, kOpacity, 0, mixed);
  for (int y = 0; y < mixed.rows; ++y) {
    for (int x = 0; x < mixed.cols; ++x) {
      if (is_clear(label.at<int>(y, x), palette)) mixed.at<cv::Vec3b>(y, x) = image.at<cv::Vec3b>(y, x);
    }
  }
  return mixed;
}

void write(cv::Mat& picture, const std::string& text, cv::Point at) {
  cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, kFont, cv::Scalar::all(0), 1, cv::LINE_AA);
}

struct LegendEntry {
  std::string name;
  cv::Scalar color;
  bool is_clear = false;

  int width() const {
    int ignored = 0;
    return kSwatch + 24 + cv::getTextSize(name, cv::FONT_HERSHEY_SIMPLEX, kFont, 1, &ignored).width;
  }
};

// The classes that occur, in their order, and last what is no class.
std::vector<LegendEntry> legend_of(const std::vector<SheetEntry>& entries, const Palette& palette,
                                   const std::vector<std::string>& names) {
  std::vector<bool> occurs(palette.size() + 1);
  for (const SheetEntry& entry : entries) {
    for (auto label = entry.label.begin<int>(); label != entry.label.end<int>(); ++label) {
      const bool is_class = *label >= 0 && static_cast<size_t>(*label) < palette.size();
      occurs[is_class ? static_cast<size_t>(*label) : palette.size()] = true;
    }
  }
  std::vector<LegendEntry> legend;
  for (size_t i = 0; i < std::min(palette.size(), names.size()); ++i) {
    const Paint& paint = palette[i];
    if (!occurs[i]) continue;
    legend.push_back(paint.is_clear ? LegendEntry{names[i] + " (clear)", cv::Scalar::all(255), true}
                                    : LegendEntry{names[i], cv::Scalar(paint.red, paint.green, paint.blue)});
  }
  if (occurs.back()) legend.push_back({"(ignored)", cv::Scalar::all(0)});
  return legend;
}

// In lines of that width.
cv::Mat draw_legend(const std::vector<LegendEntry>& legend, int width) {
  int left = kGap, line = 0;
  std::vector<cv::Point> places;
  for (const LegendEntry& entry : legend) {
    if (left > kGap && left + entry.width() > width) left = kGap, ++line;
    places.emplace_back(left, line * kLegendLine);
    left += entry.width();
  }
  cv::Mat picture((line + 1) * kLegendLine + kGap, width, CV_8UC3, cv::Scalar::all(255));
  for (size_t i = 0; i < legend.size(); ++i) {
    const cv::Rect swatch(places[i], cv::Size(kSwatch, kSwatch));
    cv::rectangle(picture, swatch, legend[i].color, cv::FILLED);
    cv::rectangle(picture, swatch, cv::Scalar::all(128));
    if (legend[i].is_clear) cv::line(picture, swatch.tl(), swatch.br(), cv::Scalar::all(128), 1, cv::LINE_AA);
    write(picture, legend[i].name, {places[i].x + kSwatch + 6, places[i].y + 11});
  }
  return picture;
}

// Image and overlay, side by side, scaled to `width` each.
cv::Mat draw_pair(const SheetEntry& entry, const Palette& palette, int width) {
  const int height = std::max(1, entry.image.rows * width / entry.image.cols);
  cv::Mat image;
  cv::resize(entry.image, image, {width, height}, 0, 0, cv::INTER_AREA);
  cv::Mat right(image.size(), CV_8UC3, cv::Scalar::all(0));
  if (!entry.label.empty()) {
    cv::Mat label;
    cv::resize(entry.label, label, image.size(), 0, 0, cv::INTER_NEAREST);
    right = with_label(image, label, palette);
  }
  cv::Mat pair(height + kCaption, 2 * width, CV_8UC3, cv::Scalar::all(255));
  image.copyTo(pair(cv::Rect(0, 0, width, height)));
  right.copyTo(pair(cv::Rect(width, 0, width, height)));
  write(pair, entry.caption, {2, height + kCaption - 5});
  return pair;
}

}  // namespace

cv::Mat contact_sheet(const std::vector<SheetEntry>& entries, const Palette& palette, int width, int pairs_per_row,
                      const std::vector<std::string>& names) {
  std::vector<cv::Mat> pairs;
  for (const SheetEntry& entry : entries) pairs.push_back(draw_pair(entry, palette, width));
  const int columns = std::min(pairs_per_row, static_cast<int>(pairs.size()));
  const int cell = 2 * width + kGap;
  std::vector<int> tops{kGap};  // of each row, and below the last
  for (size_t first = 0; first < pairs.size(); first += static_cast<size_t>(columns)) {
    int height = 0;
    const size_t last = std::min(pairs.size(), first + static_cast<size_t>(columns));
    for (size_t i = first; i < last; ++i) height = std::max(height, pairs[i].rows);
    tops.push_back(tops.back() + height + kGap);
  }
  cv::Mat sheet(tops.back(), columns * cell + kGap, CV_8UC3, cv::Scalar::all(255));
  for (size_t i = 0; i < pairs.size(); ++i) {
    const int left = kGap + static_cast<int>(i) % columns * cell;
    pairs[i].copyTo(sheet(cv::Rect(cv::Point(left, tops[i / static_cast<size_t>(columns)]), pairs[i].size())));
  }
  if (names.empty()) return sheet;
  cv::vconcat(sheet, draw_legend(legend_of(entries, palette, names), sheet.cols), sheet);
  return sheet;
}

}  // namespace sshost::report
