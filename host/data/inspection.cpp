#include "data/inspection.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

#include "base/error.h"
#include "data/size_text.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

constexpr size_t kMostColors = 256;  // a photograph has any number of them

// The numbers in a file of one channel, palette or grey; empty where it holds colours, or is broken.
cv::Mat stored_numbers(const std::string& path) try {
  return image::read_image(path, image::Mode::kLabel).pixels;
} catch (const Error&) {
  return {};
}

// A label that stores three channels, or nothing.
cv::Mat colored_label(const std::string& path) try {
  if (path.empty() || !stored_numbers(path).empty()) return {};
  return image::read_image(path, image::Mode::kColorLabel).pixels;
} catch (const Error&) {  // broken in another way, which reading it has told
  return {};
}

void add_colors(const cv::Mat& rgb, std::vector<std::string>& colors) {
  std::set<std::string> found(colors.begin(), colors.end());
  std::optional<cv::Vec3b> last;  // labels are made of runs
  for (const auto& pixel : cv::Mat_<cv::Vec3b>(rgb)) {
    if (found.size() >= kMostColors) break;
    if (last == pixel) continue;
    last = pixel;
    char text[8];
    std::snprintf(text, sizeof(text), "#%02x%02x%02x", pixel[0], pixel[1], pixel[2]);
    found.insert(text);
  }
  colors.assign(found.begin(), found.end());
}

// Whether a label that was read as colours stores numbers of classes that got lost thereby.
bool loses_numbers(const cv::Mat& label, const std::string& path, const DatasetInfo& info) {
  cv::Mat numbers = stored_numbers(path);
  if (numbers.size() != label.size()) return false;
  numbers.convertTo(numbers, CV_32S);
  const cv::Mat ignored = label == static_cast<double>(info.ignore_index);
  const cv::Mat classes = numbers < static_cast<double>(info.classes.size());
  return cv::countNonZero(ignored & classes) > 0;
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

void add_size(const Sample& sample, std::vector<SampleSize>& sizes) {
  const cv::Size size = sample.image.size();
  const bool known = std::any_of(sizes.begin(), sizes.end(), [&](const SampleSize& each) { return each.size == size; });
  if (!known) sizes.push_back({sample.id, size});
}

void inspect_sample(const Dataset& dataset, Reader& reader, int64_t index, const InspectionOptions& options,
                    Inspection& seen) {
  const Dataset::Description description = dataset.describe(index);
  Random random(0);
  Sample sample;
  try {
    sample = reader.read_unchecked(index, random);
  } catch (const BrokenSample& error) {
    const cv::Mat colored = options.reads_colors ? cv::Mat() : colored_label(description.label_path);
    if (!colored.empty()) add_colors(colored, seen.colors);
    (colored.empty() ? seen.broken : seen.colored).emplace_back(error.what());
    return;
  }
  auto& damaged = options.strict_images ? seen.broken : seen.damaged;
  damaged.insert(damaged.end(), sample.damage.begin(), sample.damage.end());
  ++seen.read;
  add_size(sample, seen.sizes);
  if (sample.label.empty()) {
    ++seen.unlabelled;
    return;
  }
  if (sample.label.size() != sample.image.size()) {
    seen.sizes_differ.push_back(sizes_text(description.image_path, sample.image, description.label_path, sample.label));
  }
  if (options.reads_colors && loses_numbers(sample.label, description.label_path, dataset.info())) {
    seen.indexed.push_back(description.label_path);
  }
  count_labels(sample.label, description.label_path.empty() ? description.id : description.label_path, seen);
}

}  // namespace

Inspection inspect(const Dataset& dataset, const InspectionOptions& options,
                   const std::function<void(int64_t, int64_t)>& progress) {
  Inspection seen;
  seen.samples = dataset.size();
  const int64_t count = options.limit > 0 ? std::min(options.limit, dataset.size()) : dataset.size();
  Reader reader(dataset);
  for (int64_t at = 0; at < count; ++at) {
    inspect_sample(dataset, reader, at * dataset.size() / count, options, seen);
    progress(at + 1, count);
  }
  return seen;
}

}  // namespace sshost::data
