#include "data/value_counts.h"

#include <cstdlib>

namespace sshost::data {

namespace {

constexpr size_t kMostColors = 1U << 16;

constexpr int kNoise = 8;  // of JPEG, within one area

bool is_near(int32_t one, int32_t other) { return std::abs(one - other) <= kNoise; }
bool is_near(const cv::Vec3b& one, const cv::Vec3b& other) {
  return is_near(one[0], other[0]) && is_near(one[1], other[1]) && is_near(one[2], other[2]);
}

// Whether the neighbours that there are have nearly the same value.
template <typename Pixel>
bool is_solid(const cv::Mat_<Pixel>& picture, int y, int x) {
  const Pixel& value = picture(y, x);
  return (x == 0 || is_near(picture(y, x - 1), value)) &&
         (x + 1 == picture.cols || is_near(picture(y, x + 1), value)) &&
         (y == 0 || is_near(picture(y - 1, x), value)) && (y + 1 == picture.rows || is_near(picture(y + 1, x), value));
}

uint32_t number_of(const cv::Vec3b& rgb) {
  return static_cast<uint32_t>(rgb[0]) << 16 | static_cast<uint32_t>(rgb[1]) << 8 | rgb[2];
}

// Null of one more colour than are counted.
Tally* tally_of(uint32_t color, ColorCounts& counts) {
  if (const auto found = counts.find(color); found != counts.end()) return &found->second;
  return counts.size() < kMostColors ? &counts[color] : nullptr;
}

}  // namespace

void count_numbers(const cv::Mat& label, NumberCounts& counts) {
  const cv::Mat_<int32_t> numbers(label);
  Tally* tally = nullptr;  // of the number before: labels are made of runs
  for (int y = 0; y < numbers.rows; ++y) {
    for (int x = 0; x < numbers.cols; ++x) {
      if (x == 0 || numbers(y, x) != numbers(y, x - 1)) tally = &counts[numbers(y, x)];
      ++tally->pixels;
      tally->solid += is_solid(numbers, y, x);
    }
  }
}

void count_colors(const cv::Mat& rgb, ColorCounts& counts) {
  const cv::Mat_<cv::Vec3b> colors(rgb);
  Tally* tally = nullptr;  // of the colour before, where it is counted
  for (int y = 0; y < colors.rows; ++y) {
    for (int x = 0; x < colors.cols; ++x) {
      if (x == 0 || colors(y, x) != colors(y, x - 1)) tally = tally_of(number_of(colors(y, x)), counts);
      if (tally == nullptr) continue;
      ++tally->pixels;
      tally->solid += is_solid(colors, y, x);
    }
  }
}

}  // namespace sshost::data
