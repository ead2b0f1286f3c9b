#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "data/palette.h"
#include "data/shown.h"
#include "data/size_text.h"
#include "data/transform_list.h"
#include "output/mask_image.h"
#include "report/contact_sheet.h"

namespace sshost::cli {
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

// The samples as the loader gives them in the first epoch, spread evenly over the split.
std::vector<report::SheetEntry> read_entries(const data::Dataset& dataset, const config::SplitConfig& split,
                                             uint64_t seed, int64_t wanted) {
  const data::TransformList transforms = data::make_transforms(split.transforms, dataset.info());
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
        {visible(sample.image, split.transforms), sample.label, sample.id + "  " + data::size_text(sample.image)});
  }
  return entries;
}

}  // namespace

int preview_data(const PreviewArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const config::DataConfig& data = opened.pipeline.data;
  const config::SplitConfig& split = arguments.evaluate ? data.evaluate : data.train;
  const std::unique_ptr<data::Dataset> dataset = run::open_dataset(opened, split.split);
  const auto entries = read_entries(*dataset, split, opened.pipeline.seed, arguments.count);
  const std::vector<data::Class>& classes = dataset->info().classes;
  const std::vector<std::string> names = data::class_names(classes);
  const report::Palette palette = report::make_palette(names, data::palette_of(classes));
  output::write_image(arguments.sheet, report::contact_sheet(entries, palette, static_cast<int>(arguments.width),
                                                             static_cast<int>(arguments.columns), names));
  if (session.is_json()) {
    print_document(
        {{"sheet", arguments.sheet}, {"split", split.split}, {"samples", dataset->size()}, {"shown", entries.size()}});
  }
  session.console().line(arguments.sheet + ": " + std::to_string(entries.size()) + " samples of split " + split.split +
                         ", which has " + std::to_string(dataset->size()) +
                         ", behind their transforms, each beside its label");
  return kDone;
}

}  // namespace sshost::cli
