#include "app/preview.h"

#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "config/option_value.h"
#include "data/drawn_classes.h"
#include "data/label_set.h"
#include "data/palette.h"
#include "data/shown.h"
#include "data/transform_list.h"
#include "output/mask_image.h"
#include "report/contact_sheet.h"

namespace sshost::app {
namespace {

constexpr int64_t kEpoch = 1;

// The image as it was before the last normalisation, as people see it.
cv::Mat visible(const cv::Mat& image, const std::vector<config::TransformConfig>& transforms) {
  const auto last = std::find_if(transforms.rbegin(), transforms.rend(),
                                 [](const config::TransformConfig& each) { return each.type == "normalize"; });
  if (last == transforms.rend()) return data::shown(image);
  const std::vector<double> mean = config::doubles_of(last->options->at("mean"));
  const std::vector<double> std = config::doubles_of(last->options->at("std"));
  std::vector<cv::Mat> planes;
  cv::split(image, planes);
  for (size_t i = 0; i < planes.size(); ++i) planes[i] = planes[i] * std.at(i) + mean.at(i);
  cv::Mat values;
  cv::merge(planes, values);
  const bool is_rgb = values.channels() == 3;
  if (is_rgb) values.convertTo(values, CV_8U);
  return data::shown(values);
}

// Of sets of classes the last one; of none, a number behind the classes.
cv::Mat label_to_show(const cv::Mat& label, const data::DatasetInfo& info) {
  if (label.empty() || !info.labels_are_sets) return label;
  return data::last_classes(label, static_cast<int32_t>(info.classes.size()));
}

// The samples as the loader gives them in the first epoch, spread evenly over the split.
std::vector<report::SheetEntry> read_entries(const data::Dataset& dataset, const config::SplitConfig& split,
                                             const data::TransformList& transforms, uint64_t seed, int64_t wanted) {
  data::Reader reader(dataset);
  std::vector<report::SheetEntry> entries;
  const int64_t count = std::min(wanted, dataset.size());
  for (int64_t at = 0; at < count; ++at) {
    const int64_t index = at * dataset.size() / count;
    data::Random for_reading = data::make_random(seed, kEpoch, index, data::Stream::kRead);
    data::Random for_transforms = data::make_random(seed, kEpoch, index, data::Stream::kTransform);
    data::Sample sample = reader.read(index, for_reading);
    data::apply(transforms, sample, for_transforms);
    entries.push_back(
        {visible(sample.image, split.transforms), label_to_show(sample.label, dataset.info()),
         sample.id + "  " + std::to_string(sample.image.cols) + " x " + std::to_string(sample.image.rows)});
  }
  return entries;
}

}  // namespace

Preview draw_preview(const run::Session& opened, const PreviewRequest& request) {
  const config::DataConfig& data = opened.pipeline.data;
  const config::SplitConfig& split = request.of_evaluation ? data.evaluate : data.train;
  const std::unique_ptr<data::Dataset> dataset = run::open_dataset(opened, split.split);
  const data::TransformList transforms =
      request.of_evaluation ? data::make_evaluated_transforms(opened.pipeline, dataset->info(), *opened.registry)
                            : data::make_training_transforms(opened.pipeline, dataset->info(), *opened.registry);
  const auto entries = read_entries(*dataset, split, transforms, opened.pipeline.seed, request.count);
  const std::vector<data::Class>& classes = dataset->info().classes;
  std::vector<std::string> names = data::class_names(classes);
  report::Palette palette = report::make_palette(names, data::palette_of(data::drawn_classes(classes)));
  if (dataset->info().labels_are_sets) {
    names.emplace_back("none");
    palette.push_back({.is_clear = true});
  }
  output::write_image(request.sheet, report::contact_sheet(entries, palette, static_cast<int>(request.width),
                                                           static_cast<int>(request.columns), names));
  return {split.split, static_cast<int64_t>(entries.size()), dataset->size()};
}

}  // namespace sshost::app
