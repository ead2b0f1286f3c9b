#include <algorithm>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "data/palette.h"
#include "data/transform_list.h"
#include "output/mask_image.h"
#include "report/contact_sheet.h"

namespace sshost::cli {
namespace {

constexpr int64_t kEpoch = 1;

cv::Scalar scalar_of(const std::vector<double>& values) { return {values.at(0), values.at(1), values.at(2)}; }

// The image as it was before the last normalisation, in 8 bits.
cv::Mat visible(const cv::Mat& image, const std::vector<config::TransformConfig>& transforms) {
  if (image.depth() == CV_8U) return image;
  cv::Mat values = image.clone();
  for (auto transform = transforms.rbegin(); transform != transforms.rend(); ++transform) {
    if (transform->type != "normalize") continue;
    cv::multiply(values, scalar_of(config::doubles_of(transform->options->at("std"))), values);
    cv::add(values, scalar_of(config::doubles_of(transform->options->at("mean"))), values);
    break;
  }
  cv::Mat bytes;
  values.convertTo(bytes, CV_8UC3);
  return bytes;
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
        {visible(sample.image, split.transforms), sample.label,
         sample.id + "  " + std::to_string(sample.image.cols) + " x " + std::to_string(sample.image.rows)});
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
  std::vector<std::string> names;
  for (const data::Class& entry : classes) names.push_back(entry.name);
  const report::Palette palette = report::make_palette(names, data::palette_of(classes));
  output::write_image(arguments.sheet, report::contact_sheet(entries, palette, static_cast<int>(arguments.width),
                                                             static_cast<int>(arguments.columns), names));
  session.console().line(arguments.sheet + ": " + std::to_string(entries.size()) + " samples of split " + split.split +
                         ", which has " + std::to_string(dataset->size()) +
                         ", behind their transforms, each beside its label");
  return kDone;
}

}  // namespace sshost::cli
