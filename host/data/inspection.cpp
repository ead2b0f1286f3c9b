#include "data/inspection.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <set>

namespace sshost::data {

namespace {

std::string size_of(const cv::Mat& mat) { return std::to_string(mat.cols) + " x " + std::to_string(mat.rows); }

constexpr size_t kShownColors = 16;

// A label that stores three channels, or nothing. Palette images give their indices and are none of these.
cv::Mat colored_label(const std::string& path) {
  std::error_code absent;
  if (!std::filesystem::is_regular_file(path, absent)) return {};
  try {
    const cv::Mat stored = cv::imread(path, cv::IMREAD_UNCHANGED);
    return stored.channels() >= 3 ? cv::imread(path, cv::IMREAD_COLOR) : cv::Mat();
  } catch (const cv::Exception&) {  // broken in another way, which reading it has told
    return {};
  }
}

std::vector<std::string> colors_of(const cv::Mat& bgr) {
  std::set<std::string> found;
  for (const auto& pixel : cv::Mat_<cv::Vec3b>(bgr)) {
    char text[8];
    std::snprintf(text, sizeof(text), "#%02x%02x%02x", pixel[2], pixel[1], pixel[0]);
    found.insert(text);
    if (found.size() == kShownColors) break;
  }
  return {found.begin(), found.end()};
}

void count_labels(const cv::Mat& label, const std::string& name, Inspection& seen) {
  std::map<int32_t, int64_t> counts;
  for (int row = 0; row < label.rows; ++row) {
    const auto* values = label.ptr<int32_t>(row);
    for (int first = 0, column = 1; column <= label.cols; ++column) {  // runs of one number
      if (column < label.cols && values[column] == values[first]) continue;
      counts[values[first]] += column - first;
      first = column;
    }
  }
  for (const auto& [number, pixels] : counts) {
    seen.labels[number].pixels += pixels;
    ++seen.labels[number].images;
    seen.example.emplace(number, name);
  }
}

void inspect_sample(const Dataset& dataset, Reader& reader, int64_t index, Inspection& seen) {
  const Dataset::Description description = dataset.describe(index);
  Random random(0);
  Sample sample;
  try {
    sample = reader.read_unchecked(index, random);
  } catch (const BrokenSample& error) {
    const cv::Mat colored = colored_label(description.label_path);
    if (seen.colored.empty() && !colored.empty()) seen.colors = colors_of(colored);
    (colored.empty() ? seen.broken : seen.colored).emplace_back(error.what());
    return;
  }
  ++seen.read;
  if (sample.label.empty()) {
    ++seen.unlabelled;
    return;
  }
  if (sample.label.size() != sample.image.size()) {
    seen.sizes_differ.push_back(description.image_path + " is " + size_of(sample.image) + ", " +
                                description.label_path + " " + size_of(sample.label));
  }
  count_labels(sample.label, description.label_path.empty() ? description.id : description.label_path, seen);
}

}  // namespace

Inspection inspect(const Dataset& dataset, int64_t limit, const std::function<void(int64_t, int64_t)>& progress) {
  Inspection seen;
  seen.samples = dataset.size();
  const int64_t count = limit > 0 ? std::min(limit, dataset.size()) : dataset.size();
  Reader reader(dataset);
  for (int64_t at = 0; at < count; ++at) {
    inspect_sample(dataset, reader, at * dataset.size() / count, seen);
    progress(at + 1, count);
  }
  return seen;
}

}  // namespace sshost::data
