#include "data/pad.h"

#include <algorithm>

#include "data/margin.h"

#include "data/channel_groups.h"
#include "data/transform_type.h"

namespace sshost::data {

namespace {

cv::Mat fit(const cv::Mat& from, Margin rows, Margin columns, const cv::Scalar& fill) {
  const cv::Range kept_rows(std::max(0, -rows.before), from.rows - std::max(0, -rows.after));
  const cv::Range kept_columns(std::max(0, -columns.before), from.cols - std::max(0, -columns.after));
  cv::Mat to;
  // ISOLATED: what is kept may be a part of a larger image, whose other pixels must not come back as the border.
  cv::copyMakeBorder(from(kept_rows, kept_columns), to, std::max(0, rows.before), std::max(0, rows.after),
                     std::max(0, columns.before), std::max(0, columns.after), cv::BORDER_CONSTANT | cv::BORDER_ISOLATED,
                     fill);
  return to;
}

}  // namespace

void Pad::apply(Sample& sample, Random&) const {
  const cv::Size image = sample.image.size();
  const Margin rows = margin_of(image.height, options_.size.height);
  const Margin columns = margin_of(image.width, options_.size.width);
  sample.image =
      in_groups(sample.image, [&](const cv::Mat& part, int) { return fit(part, rows, columns, cv::Scalar::all(0)); });
  if (sample.label.empty()) return;
  sample.label = fit(sample.label, rows, columns, cv::Scalar::all(static_cast<double>(options_.ignore_index)));
}

namespace {

const config::Section<PadOptions>& section() {
  static const config::Section<PadOptions> section(
      {{config::size("size", config::ListOrder::kHeightWidth, "in pixels").required(), &PadOptions::size}});
  return section;
}

std::unique_ptr<const Transform> make(const ss_options_object& map, const DatasetInfo& info) {
  PadOptions options = section().read(map);
  options.ignore_index = info.ignore_index;
  return std::make_unique<Pad>(options);
}

}  // namespace

const TransformType& pad_transform() {
  static const TransformType type{
      {.name = "pad",
       .text = "pads to a size, centred, with 0 and the ignored label; what is larger is cut, centred",
       .schema = section().schema()},
      make};
  return type;
}

}  // namespace sshost::data
