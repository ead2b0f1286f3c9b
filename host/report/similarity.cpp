#include "report/similarity.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "report/html.h"
#include "report/matrix.h"
#include "report/page.h"

namespace sshost::report {
namespace {

using Color = cv::Vec3b;

constexpr int kMargin = 24;
constexpr int kScaleWidth = 18;
constexpr int kScaleSteps = 128;
const Color kWhite(250, 250, 250);
const Color kRed(178, 24, 43);
const Color kBlue(33, 102, 172);
const cv::Scalar kInk(40, 44, 52);

Color between(const Color& from, const Color& to, double part) {
  Color mixed;
  for (int c = 0; c < 3; ++c) mixed[c] = cv::saturate_cast<uint8_t>(from[c] + part * (to[c] - from[c]));
  return mixed;
}

Color color_of(double value, const SimilarityMap& map, double largest) {
  if (!std::isfinite(value)) return kWhite;
  if (map.is_distance) return between(kRed, kWhite, largest > 0 ? value / largest : 0);
  return value < 0 ? between(kWhite, kBlue, std::min(1.0, -value)) : between(kWhite, kRed, std::min(1.0, value));
}

double largest_of(const cv::Mat& values) {
  double largest = 0;
  for (auto value = values.begin<double>(); value != values.end<double>(); ++value) {
    if (std::isfinite(*value)) largest = std::max(largest, *value);
  }
  return largest;
}

// Sizes of the picture, by the number of rows.
struct Layout {
  explicit Layout(const SimilarityMap& map)
      : count(static_cast<int>(map.names.size())),
        cell(std::clamp(1400 / std::max(1, count), 9, 30)),
        font(std::clamp(cell / 30.0, 0.3, 0.5)) {
    for (const std::string& name : map.names) label = std::max(label, width_of(name));
    label += 10;
  }
  int width_of(const std::string& text) const {
    int base = 0;
    return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, font, 1, &base).width;
  }
  int left() const { return kMargin + label; }
  int side() const { return count * cell; }

  int count;
  int cell;
  double font;
  int label = 0;  // the longest name
};

void write(cv::Mat& picture, const std::string& text, cv::Point at, double font) {
  cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, font, kInk, 1, cv::LINE_AA);
}

// The names, one below the other, from the left on or up to the right: [side, label].
cv::Mat draw_names(const SimilarityMap& map, const Layout& layout, bool from_left) {
  cv::Mat names(std::max(1, layout.side()), layout.label, CV_8UC3, cv::Scalar::all(255));
  for (int i = 0; i < layout.count; ++i) {
    const std::string& name = map.names[static_cast<size_t>(i)];
    const int middle = i * layout.cell + layout.cell / 2 + static_cast<int>(10 * layout.font);
    const int left = from_left ? 6 : layout.label - 6 - layout.width_of(name);
    write(names, name, {left, middle}, layout.font);
  }
  return names;
}

void draw_scale(cv::Mat& picture, const SimilarityMap& map, cv::Point corner, int height) {
  const double largest = largest_of(map.values);
  const double top = map.is_distance ? 0 : 1, bottom = map.is_distance ? largest : -1;
  for (int step = 0; step < kScaleSteps; ++step) {
    const double value = top + (bottom - top) * step / (kScaleSteps - 1);
    const cv::Rect stripe(corner.x, corner.y + height * step / kScaleSteps, kScaleWidth, height / kScaleSteps + 1);
    cv::rectangle(picture, stripe, cv::Scalar(color_of(value, map, largest)), cv::FILLED);
  }
  write(picture, number(top, 3), {corner.x + kScaleWidth + 6, corner.y + 10}, 0.4);
  write(picture, number(bottom, 3), {corner.x + kScaleWidth + 6, corner.y + height}, 0.4);
}

std::vector<std::string> value_texts(const SimilarityMap& map) {
  std::vector<std::string> texts;
  for (auto value = map.values.begin<double>(); value != map.values.end<double>(); ++value) {
    texts.push_back(number(*value, 2));
  }
  return texts;
}

// The colours of cosines, or of distances up to the largest.
ColorScale scale_of(const SimilarityMap& map) {
  const double largest = largest_of(map.values);
  const double low = map.is_distance ? 0 : -1, high = map.is_distance ? largest : 1;
  ColorScale scale{map.is_distance ? "distance" : "cosine", {}};
  for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double value = low + at * (high - low);
    const Color color = color_of(value, map, largest);
    scale.stops.push_back({at, {color[0], color[1], color[2], 255}, number(value, 3)});
  }
  return scale;
}

Matrix matrix_of(const SimilarityMap& map) {
  cv::Mat rgba;
  cv::cvtColor(color_similarity(map), rgba, cv::COLOR_RGB2RGBA);
  return {
      map.is_distance ? "Distances" : "Cosines", map.names, "class", "class", rgba, value_texts(map), {scale_of(map)}};
}

}  // namespace

cv::Mat color_similarity(const SimilarityMap& map) {
  cv::Mat colors(map.values.size(), CV_8UC3);
  const double largest = largest_of(map.values);
  for (int y = 0; y < colors.rows; ++y) {
    for (int x = 0; x < colors.cols; ++x) colors.at<Color>(y, x) = color_of(map.values.at<double>(y, x), map, largest);
  }
  return colors;
}

cv::Mat draw_similarity(const SimilarityMap& map) {
  const Layout layout(map);
  const int side = layout.side(), scale = kScaleWidth + 70;
  cv::Mat picture(layout.left() + side + kMargin, layout.left() + side + kMargin + scale, CV_8UC3,
                  cv::Scalar::all(255));
  if (layout.count == 0) return picture;
  const cv::Rect place(layout.left(), layout.left(), side, side);
  cv::resize(color_similarity(map), picture(place), place.size(), 0, 0, cv::INTER_NEAREST);
  cv::rectangle(picture, place, cv::Scalar(200, 204, 210));
  draw_names(map, layout, false).copyTo(picture(cv::Rect(kMargin, layout.left(), layout.label, side)));
  cv::Mat upright;  // read from the bottom up
  cv::rotate(draw_names(map, layout, true), upright, cv::ROTATE_90_COUNTERCLOCKWISE);
  upright.copyTo(picture(cv::Rect(layout.left(), kMargin, side, layout.label)));
  draw_scale(picture, map, {layout.left() + side + kMargin, layout.left()}, std::min(side, 240));
  return picture;
}

std::string similarity_page(const std::string& title, const std::string& subtitle, const SimilarityMap& map,
                            const std::string& body) {
  const std::string elements = page_header(title, subtitle) + "\n<h2>" + (map.is_distance ? "Distances" : "Cosines") +
                               " of the classes</h2>" + to_html(matrix_of(map)) + "\n" + body + "\n";
  return whole_page(title, elements);
}

}  // namespace sshost::report
