#include "report/image_scores.h"

#include <cmath>

#include "report/html.h"

namespace sshost::report {
namespace {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double value) { return std::isfinite(value) ? number(value, 6) : ""; }

}  // namespace

std::string image_scores_csv(const std::vector<ImageRow>& images) {
  std::string csv = "image,mean_iou,pixel_accuracy\n";
  for (const ImageRow& image : images) {
    csv += csv_field(image.id) + "," + csv_number(image.mean_iou) + "," + csv_number(image.pixel_accuracy) + "\n";
  }
  return csv;
}

}  // namespace sshost::report
