#include "app/tensorboard_log.h"

#include <algorithm>
#include <string>

#include "data/drawn_classes.h"
#include "data/palette.h"
#include "report/contact_sheet.h"

namespace sshost::app {
namespace {

constexpr int kMostPixels = 480;  // of a picture's width: larger images are scaled down

std::string loss_tag(std::string_view name) {
  const std::string_view prefix = "loss.";
  return "loss/" + std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}

}  // namespace

void TensorboardLog::add(const train::StepRecord& record) {
  std::vector<report::Scalar> scalars = {
      {"loss/total", record.loss},
      {"train/learning_rate", record.learning_rate},
      {"train/images_per_second", static_cast<double>(record.images) / record.seconds}};
  for (const train::LossValue& loss : record.losses) scalars.push_back({loss_tag(loss.name), loss.value});
  file_.add(record.step, scalars);
}

void TensorboardLog::add(const evaluate::Evaluation& evaluation, const std::vector<data::Class>& classes,
                         int64_t step) {
  const evaluate::Metrics& metrics = evaluation.metrics;
  std::vector<report::Scalar> scalars;
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    const std::string tag = "evaluate/mean_" + std::string(metric.name);
    if (metric.is_headline) scalars.push_back({tag, metrics.mean(metric.name)});
  }
  scalars.push_back({"evaluate/pixel_accuracy", metrics.pixel_accuracy});
  scalars.push_back({"evaluate/images_per_second", static_cast<double>(evaluation.images) / evaluation.seconds});
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    scalars.push_back({"iou/" + classes.at(i).name, metrics.classes[i].at("iou")});
  }
  file_.add(step, scalars);
}

void TensorboardLog::add(const std::vector<report::Comparison>& comparisons, const std::vector<data::Class>& classes,
                         int64_t step) {
  const report::Palette palette =
      report::make_palette(data::class_names(classes), data::palette_of(data::drawn_classes(classes)));
  for (const report::Comparison& comparison : comparisons) {
    const std::vector<report::SheetEntry> pair = {{comparison.image, comparison.truth, "truth"},
                                                  {comparison.image, comparison.prediction, "prediction"}};
    const int width = std::min(kMostPixels, comparison.image.cols);
    file_.add(step, "images/" + comparison.id, report::contact_sheet(pair, palette, width, 2));
  }
}

}  // namespace sshost::app
