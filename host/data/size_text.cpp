#include "data/size_text.h"

#include "base/size_text.h"

namespace sshost::data {
namespace {

bool are_turned(const cv::Mat& one, const cv::Mat& other) {
  return one.rows == other.cols && one.cols == other.rows && one.rows != one.cols;
}

}  // namespace

std::string size_text(cv::Size size) { return sshost::size_text(size.height, size.width); }

std::string size_text(const cv::Mat& image) { return size_text(image.size()); }

std::string sizes_text(const std::string& image_name, const cv::Mat& image, const std::string& label_name,
                       const cv::Mat& label) {
  std::string text = image_name + " is " + size_text(image) + ", " + label_name + " " + size_text(label);
  if (are_turned(image, label)) {
    text +=
        " (a photograph is turned as its EXIF orientation says: turn the label likewise, or store the photograph "
        "without an orientation)";
  }
  return text;
}

}  // namespace sshost::data
