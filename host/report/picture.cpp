#include "report/picture.h"

#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "data/palette.h"
#include "image/contours.h"
#include "image/jpeg_encoder.h"
#include "image/png_encoder.h"

namespace sshost::report {
namespace {

std::string data_uri(const std::string& type, const std::vector<uint8_t>& bytes) {
  return "data:image/" + type + ";base64," + base64(bytes);
}

constexpr int kOutlineShade = 45;  // percent of a class's own light

cv::Vec4b opaque(const Paint& paint, int percent = 100) {
  const auto shade = [percent](int value) { return static_cast<uint8_t>(value * percent / 100); };
  return {shade(paint.red), shade(paint.green), shade(paint.blue), 255};
}

bool is_class(int label, size_t classes) { return label >= 0 && static_cast<size_t>(label) < classes; }

void require_alike(const cv::Mat& prediction, const cv::Mat& truth) {
  if (prediction.type() == CV_32S && truth.type() == CV_32S && prediction.size() == truth.size()) return;
  throw Error("a report compares masks of class numbers (CV_32S) of the same size");
}

}  // namespace

Palette make_palette(const std::vector<std::string>& names, const std::vector<std::array<uint8_t, 3>>& colors) {
  Palette palette;
  for (size_t i = 0; i < colors.size(); ++i) {
    const bool is_clear = i < names.size() && data::is_background(names[i]);
    palette.push_back({colors[i][0], colors[i][1], colors[i][2], is_clear});
  }
  return palette;
}

std::string photo_uri(const cv::Mat& rgb) {
  constexpr int kQuality = 88;
  return data_uri("jpeg", image::encode_jpeg(rgb, kQuality));
}

std::string mask_uri(const cv::Mat& rgba) { return data_uri("png", image::encode_png(rgba, image::PngEffort::kMost)); }

cv::Mat paint(const cv::Mat& classes, const Palette& palette) {
  cv::Mat out(classes.size(), CV_8UC4, cv::Scalar::all(0));
  for (int y = 0; y < classes.rows; ++y) {
    const int* labels = classes.ptr<int>(y);
    auto* pixels = out.ptr<cv::Vec4b>(y);
    for (int x = 0; x < classes.cols; ++x) {
      if (!is_class(labels[x], palette.size())) continue;
      const Paint& paint = palette[static_cast<size_t>(labels[x])];
      if (!paint.is_clear) pixels[x] = opaque(paint);
    }
  }
  return out;
}

cv::Mat paint_outlined(const cv::Mat& classes, const Palette& palette) {
  std::vector<bool> drawn;
  for (const Paint& paint : palette) drawn.push_back(!paint.is_clear);
  cv::Mat out = paint(classes, palette);
  const cv::Mat outlines = image::Contours(drawn, image::Contours::thickness_for(classes.cols)).next(classes);
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) {
      const int label = outlines.at<int>(y, x);
      if (label >= 0) out.at<cv::Vec4b>(y, x) = opaque(palette[static_cast<size_t>(label)], kOutlineShade);
    }
  }
  return out;
}

cv::Mat paint_errors(const cv::Mat& prediction, const cv::Mat& truth, size_t classes) {
  require_alike(prediction, truth);
  cv::Mat out(truth.size(), CV_8UC4, cv::Scalar::all(0));
  for (int y = 0; y < truth.rows; ++y) {
    for (int x = 0; x < truth.cols; ++x) {
      const int label = truth.at<int>(y, x);
      if (is_class(label, classes) && prediction.at<int>(y, x) != label) {
        out.at<cv::Vec4b>(y, x) = cv::Vec4b(kMistake[0], kMistake[1], kMistake[2], 255);
      }
    }
  }
  return out;
}

double agreement(const cv::Mat& prediction, const cv::Mat& truth, size_t classes) {
  require_alike(prediction, truth);
  int64_t counted = 0, right = 0;
  for (int y = 0; y < truth.rows; ++y) {
    for (int x = 0; x < truth.cols; ++x) {
      const int label = truth.at<int>(y, x);
      counted += is_class(label, classes);
      right += is_class(label, classes) && prediction.at<int>(y, x) == label;
    }
  }
  if (counted == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(right) / static_cast<double>(counted);
}

cv::Mat fit_width(const cv::Mat& image, int width, bool labels) {
  if (image.cols <= width) return image;
  const int height = std::max(1, static_cast<int>(std::lround(double(image.rows) * width / image.cols)));
  cv::Mat small;
  // OpenCV resizes no 32-bit integers but with INTER_NEAREST, which is what labels need.
  cv::resize(image, small, {width, height}, 0, 0, labels ? cv::INTER_NEAREST : cv::INTER_AREA);
  return small;
}

std::string base64(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? bytes[i + k] : 0u);
    for (size_t k = 0; k < 4; ++k) out += k <= left ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace sshost::report
