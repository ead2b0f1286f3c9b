#include "data/inspection.h"

#include <algorithm>

#include "base/error.h"
#include "data/alpha_channel.h"
#include "data/image_depth.h"
#include "data/label_file.h"
#include "data/label_set.h"
#include "data/size_text.h"
#include "data/value_counts.h"
#include "file/regular_file.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

// A label that stores three channels, or nothing.
cv::Mat colored_label(const std::string& path) {
  const cv::Mat label = stored_label(path);
  return label.channels() == 3 ? label : cv::Mat();
}

bool has(const cv::Mat& label, int64_t number) { return cv::countNonZero(label == static_cast<double>(number)) > 0; }

// Whether a label that was read as colours stores numbers of classes that got lost thereby.
bool loses_numbers(const cv::Mat& label, const std::string& path, const DatasetInfo& info) {
  cv::Mat numbers = stored_numbers(path);
  if (numbers.size() != label.size()) return false;
  numbers.convertTo(numbers, CV_32S);
  const cv::Mat ignored = label == static_cast<double>(info.ignore_index);
  const cv::Mat classes = numbers < static_cast<double>(info.classes.size());
  return cv::countNonZero(ignored & classes) > 0;
}

// Of each class, where the numbers are sets of them; what is of none is left out.
NumberCounts counts_of_classes(const NumberCounts& sets) {
  NumberCounts counts;
  const auto add = [&](int32_t number, const Tally& tally) {
    counts[number].pixels += tally.pixels;
    counts[number].solid += tally.solid;
  };
  for (const auto& [set, tally] : sets) {
    if (set < 0) add(set, tally);
    if (set > 0) for_each_class(set, [&, &each = tally](int32_t number) { add(number, each); });
  }
  return counts;
}

NumberCounts count_labels(const cv::Mat& label, const std::string& name, bool are_sets, Inspection& seen) {
  NumberCounts counts;
  count_numbers(label, counts);
  if (are_sets) counts = counts_of_classes(counts);
  seen.pixels += static_cast<int64_t>(label.total());
  for (const auto& [number, tally] : counts) {
    seen.labels[number].pixels += tally.pixels;
    seen.labels[number].solid += tally.solid;
    ++seen.labels[number].images;
    seen.example.emplace(number, name);
  }
  return counts;
}

// What the file stores where pixels are ignored, though no entry of `label_map` says so.
void count_unmapped(const std::string& path, const std::set<int32_t>& mapped, Inspection& seen) {
  cv::Mat numbers;
  stored_numbers(path).convertTo(numbers, CV_32S);
  if (numbers.empty()) return;
  NumberCounts counts;
  count_numbers(numbers, counts);
  for (const auto& [number, tally] : counts) {
    if (mapped.contains(number)) continue;
    seen.unmapped[number].pixels += tally.pixels;
    ++seen.unmapped[number].images;
  }
}

void look_at_depth(const cv::Mat& read, const std::string& path, Inspection& seen) {
  constexpr int64_t kLookedAt = 16;
  if (read.depth() != CV_8U || path.empty() || seen.deep >= kLookedAt) return;
  const auto largest = largest_of_16_bits(path);
  if (!largest) return;
  ++seen.deep;
  if (*largest < kDark) seen.dark[path] = *largest;
}

void look_at_alpha_of_label(const std::string& path, Inspection& seen) {
  const auto alpha = path.empty() ? std::nullopt : alpha_channel(path);
  if (!alpha || !alpha->varies) return;
  seen.alpha.push_back(path);
  seen.in_alpha_alone += !alpha->colors_vary;
}

void look_at_alpha_of_image(const cv::Mat& read, const std::string& path, Inspection& seen) {
  constexpr int64_t kLookedAt = 16;
  if (read.channels() != 3 || path.empty() || seen.looked_for_clear >= kLookedAt) return;
  const auto alpha = alpha_channel(path);
  if (!alpha) return;
  ++seen.looked_for_clear;
  if (alpha->transparent > 0) seen.clear[path] = alpha->transparent;
}

// A data set may read files that the host cannot.
int orientation_or_upright(const std::string& path) try { return image::orientation_of(path); } catch (const Error&) {
  return 1;
}

// A label is never turned. Where its size does not show whether it was made for the image as it lies or as it is stored,
// only the eye can.
void look_at_orientation(const Sample& sample, const std::string& path, Inspection& seen) {
  constexpr int64_t kLookedAt = 16;
  if (path.empty() || seen.looked_for_turned >= kLookedAt) return;
  const int orientation = orientation_or_upright(path);
  const bool swaps_sides = orientation > 4;
  const bool is_shown = swaps_sides && sample.image.rows != sample.image.cols;
  ++seen.looked_for_turned;
  if (orientation != 1 && !is_shown) seen.turned.push_back(path);
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
  look_at_alpha_of_label(description.label_path, seen);
  try {
    sample = reader.read_unchecked(index, random);
  } catch (const BrokenSample& error) {
    const cv::Mat colored = options.reads_colors ? cv::Mat() : colored_label(description.label_path);
    if (!colored.empty()) count_colors(colored, seen.colors);
    (colored.empty() ? seen.broken : seen.colored).emplace_back(error.what());
    if (!colored.empty() && is_lossy(description.label_path)) seen.lossy.push_back(description.label_path);
    return;
  }
  auto& damaged = options.strict_images ? seen.broken : seen.damaged;
  damaged.insert(damaged.end(), sample.damage.begin(), sample.damage.end());
  ++seen.read;
  add_size(sample, seen.sizes);
  look_at_depth(sample.image, description.image_path, seen);
  look_at_alpha_of_image(sample.image, description.image_path, seen);
  if (sample.label.empty()) {
    ++seen.unlabelled;
    return;
  }
  if (is_lossy(description.label_path)) seen.lossy.push_back(description.label_path);
  if (!description.label_path.empty()) look_at_orientation(sample, description.image_path, seen);
  if (sample.label.size() != sample.image.size()) {
    seen.scaled += have_one_shape(sample.image.size(), sample.label.size());
    seen.sizes_differ.push_back(sizes_text(description.image_path, sample.image, description.label_path, sample.label));
  }
  if (options.reads_colors && loses_numbers(sample.label, description.label_path, dataset.info())) {
    seen.indexed.push_back(description.label_path);
  }
  if (options.reads_colors && has(sample.label, dataset.info().ignore_index)) {
    const cv::Mat picture = colored_label(description.label_path);
    if (!picture.empty()) count_colors(picture, seen.colors);
  }
  const NumberCounts counts =
      count_labels(sample.label, description.label_path.empty() ? description.id : description.label_path,
                   dataset.info().labels_are_sets, seen);
  if (description.label_path.empty() || options.reads_colors || dataset.info().labels_are_sets) return;
  if (options.mapped.empty()) {
    seen.palettes.add(counts, stored_palette(description.label_path), description.label_path);
  } else if (has(sample.label, dataset.info().ignore_index)) {
    count_unmapped(description.label_path, options.mapped, seen);
  }
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
