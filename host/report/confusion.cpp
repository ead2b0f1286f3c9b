#include "report/confusion.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/html.h"
#include "report/picture.h"
#include "report/table.h"

namespace sshost::report {
namespace {

constexpr size_t kShownConfusions = 10;
const cv::Vec3b kRight(62, 108, 240);

// Small parts are what one looks for: half of the strength stands for a quarter.
double strength(double part) { return std::sqrt(part); }

cv::Vec4b color_of(double part, bool is_right) {
  const cv::Vec3b color = is_right ? kRight : kMistake;
  return {color[0], color[1], color[2], cv::saturate_cast<uint8_t>(255 * strength(part))};
}

int64_t pixels_of(const std::vector<int64_t>& row) { return std::accumulate(row.begin(), row.end(), int64_t{0}); }

double part_of(const std::vector<int64_t>& row, size_t column) {
  const int64_t pixels = pixels_of(row);
  return pixels == 0 ? 0 : static_cast<double>(row[column]) / static_cast<double>(pixels);
}

// "97.3", "0.04", "0", and nothing for a class that is not there.
std::string value_text(const std::vector<int64_t>& row, size_t column) {
  if (pixels_of(row) == 0) return "";
  const double percents = 100 * part_of(row, column);
  if (percents >= 99.95) return "100";
  return number(percents, percents < 1 ? 1 : percents < 10 ? 2 : 3);
}

ColorScale scale_of(const std::string& caption, bool is_right) {
  ColorScale scale{caption, {}};
  for (const int percents : {0, 1, 5, 10, 25, 50, 75, 100}) {
    const double part = percents / 100.0;
    const bool is_labelled = percents != 5 && percents != 75;
    scale.stops.push_back({strength(part), color_of(part, is_right), is_labelled ? std::to_string(percents) : ""});
  }
  return scale;
}

struct Confusion {
  size_t truth;
  size_t prediction;
  int64_t pixels;
};

std::vector<Confusion> most_frequent(const std::vector<std::vector<int64_t>>& counts) {
  std::vector<Confusion> all;
  for (size_t truth = 0; truth < counts.size(); ++truth) {
    for (size_t prediction = 0; prediction < counts.size(); ++prediction) {
      const int64_t pixels = counts[truth][prediction];
      if (truth != prediction && pixels > 0) all.push_back({truth, prediction, pixels});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.pixels > b.pixels; });
  all.resize(std::min(all.size(), kShownConfusions));
  return all;
}

Table table_of(const Scores& scores) {
  int64_t all = 0;
  for (const std::vector<int64_t>& row : scores.confusion) all += pixels_of(row);
  Table table{{"true class", "taken for", "% of the true class", "% of all pixels"}, {}};
  for (const Confusion& confusion : most_frequent(scores.confusion)) {
    table.rows.push_back({scores.classes[confusion.truth].name, scores.classes[confusion.prediction].name,
                          percent(part_of(scores.confusion[confusion.truth], confusion.prediction)),
                          percent(static_cast<double>(confusion.pixels) / static_cast<double>(all))});
  }
  return table;
}

}  // namespace

Matrix confusion_matrix(const Scores& scores) {
  const auto side = static_cast<int>(scores.confusion.size());
  Matrix matrix{"Confusion matrix", {}, "true class", "predicted", cv::Mat(side, side, CV_8UC4), {}, {}};
  for (int y = 0; y < side; ++y) {
    const std::vector<int64_t>& row = scores.confusion[static_cast<size_t>(y)];
    matrix.names.push_back(scores.classes.at(static_cast<size_t>(y)).name);
    for (int x = 0; x < side; ++x) {
      const auto column = static_cast<size_t>(x);
      matrix.colors.at<cv::Vec4b>(y, x) = color_of(part_of(row, column), x == y);
      matrix.values.push_back(value_text(row, column));
    }
  }
  matrix.scales = {scale_of("right, % of the true class", true), scale_of("mistaken, %", false)};
  return matrix;
}

std::string confusion_section(const Scores& scores) {
  const size_t side = scores.confusion.size();
  const bool fits = side == scores.classes.size() && std::all_of(scores.confusion.begin(), scores.confusion.end(),
                                                                 [&](const auto& row) { return row.size() == side; });
  if (side == 0 || !fits) return "";
  const Table table = table_of(scores);
  return "<h2>Confusion matrix <span class=\"soft\">each row adds up to 100 % of a class's pixels</span></h2>" +
         to_html(confusion_matrix(scores)) +
         (table.rows.empty() ? "" : "<h3 class=\"below\">Most frequent mistakes</h3>" + to_html(table));
}

}  // namespace sshost::report
