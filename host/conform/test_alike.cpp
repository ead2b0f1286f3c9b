#include <string>

#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr int kTries = 24;
constexpr double kLeastExplained = 0.25;

// How much of the image's variance its label explains: 1 where each class has one colour.
double explained(const cv::Mat& image, const cv::Mat& label) {
  cv::Mat values;
  image.convertTo(values, CV_32F);
  const cv::Mat known = label != sample_info().ignore_index;
  const cv::Scalar mean = cv::mean(values, known);
  double total = 0, between = 0;
  for (int channel = 0; channel < 3; ++channel) {
    cv::Mat plane;
    cv::extractChannel(values, plane, channel);
    total += cv::norm(plane, cv::Mat(plane.size(), CV_32F, cv::Scalar(mean[channel])), cv::NORM_L2SQR, known);
    for (int number = 0; number < 3; ++number) {
      const cv::Mat own = label == number;
      const double apart = cv::mean(plane, own)[0] - mean[channel];
      between += cv::countNonZero(own) * apart * apart;
    }
  }
  return total > 0 ? between / total : 1;
}

void require_alike(const Applied& result, int64_t number) {
  const std::string when = "try " + std::to_string(number);
  const cv::Mat &image = result.maps[0], &label = result.maps[1], &parts = result.maps[2];
  if (image.size() != label.size() || image.size() != parts.size()) {
    throw Broken(when + ": the image, the label and a further map differ in size");
  }
  const int moved = cv::countNonZero(label != parts);
  const int mirrored = cv::countNonZero((label != parts) & ((label > 1) | (parts > 1)));
  if (mirrored > 0) {
    throw Broken(when + ": a further map with the label's numbers differs from the label at " + std::to_string(moved) +
                 " pixels: it was not moved alike");
  }
}

void run(const Subject& subject) {
  const data::PluginTransform transform = make_transform(subject);
  double sum = 0;
  for (int64_t number = 0; number < kTries; ++number) {
    const Picture picture = draw_picture({60, 48}, static_cast<uint64_t>(number));
    const Applied result = apply_apart(transform, picture, transform_random(number), 0);
    require_alike(result, number);
    sum += explained(result.maps[0], result.maps[1]);
  }
  if (sum / kTries >= kLeastExplained) return;
  throw Broken("of a picture in which each class has a colour, the label explains " +
               std::to_string(static_cast<int>(100 * sum / kTries)) +
               " % behind it: the image was moved, and the label not alike");
}

}  // namespace

extern const Test kAlike = {
    "alike",
    "the image, its label and a further map are moved alike",
    {"transform.h", "A transform that moves pixels moves those of all maps alike; it knows by a map's kind how."},
    "transform",
    run};

}  // namespace sshost::conform
