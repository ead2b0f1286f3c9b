#ifndef SSHOST_REPORT_PICTURE_H
#define SSHOST_REPORT_PICTURE_H

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace sshost::report {

// How a class is painted over a photograph.
struct Paint {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  bool is_clear = false;  // not at all: the class is what lies behind all others
};

using Palette = std::vector<Paint>;  // by class

// Of classes with these names and colours; one that data::is_background is clear.
Palette make_palette(const std::vector<std::string>& names, const std::vector<std::array<uint8_t, 3>>& colors);

// "data:image/jpeg;base64,..." of a CV_8UC3 RGB image.
std::string photo_uri(const cv::Mat& rgb);

// "data:image/png;base64,..." of a CV_8UC4 RGBA image.
std::string mask_uri(const cv::Mat& rgba);

// The classes' colours, CV_8UC4 RGBA; what is clear and what is no class is transparent.
cv::Mat paint(const cv::Mat& classes, const Palette& palette);

// The same with the regions' outlines, which are darker.
cv::Mat paint_outlined(const cv::Mat& classes, const Palette& palette);

inline const cv::Vec3b kMistake(225, 29, 72);  // no colour that `folder` chooses comes near it

// kMistake where two CV_32S masks differ and `truth` holds one of `classes` classes; transparent elsewhere.
cv::Mat paint_errors(const cv::Mat& prediction, const cv::Mat& truth, size_t classes);

// The part of the pixels with one of `classes` classes in `truth` that `prediction` agrees on; NaN where there is none.
double agreement(const cv::Mat& prediction, const cv::Mat& truth, size_t classes);

// Scaled down to at most `width` columns; `labels` takes the nearest value instead of averages.
cv::Mat fit_width(const cv::Mat& image, int width, bool labels);

std::string base64(const std::vector<uint8_t>& bytes);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PICTURE_H
