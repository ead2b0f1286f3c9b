#include "report/contact_sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace sshost::report {

namespace {

constexpr int kGap = 8;
constexpr int kCaption = 18;

cv::Mat with_label(const cv::Mat& image, const cv::Mat& label, const Palette& palette) {
  cv::Mat colors;
  cv::cvtColor(paint(label, palette), colors, cv::COLOR_RGBA2RGB);
  cv::Mat mixed;
  cv::addWeighted(image, 0.4, colors, 0.6, 0, mixed);
  return mixed;
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
  cv::putText(pair, entry.caption, {2, height + kCaption - 5}, cv::FONT_HERSHEY_SIMPLEX, 0.4, cv::Scalar::all(0), 1,
              cv::LINE_AA);
  return pair;
}

}  // namespace

cv::Mat contact_sheet(const std::vector<SheetEntry>& entries, const Palette& palette, int width, int pairs_per_row) {
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
  return sheet;
}

}  // namespace sshost::report
