#include "app/score_lines.h"

#include <string>

#include "base/printable.h"
#include "report/html.h"
#include "report/means_in_words.h"

namespace sshost::app {
namespace {

evaluate::MetricOptions options_of(const config::Pipeline& pipeline) {
  return {pipeline.evaluate.f_beta, pipeline.evaluate.boundary_ratio};
}

void say_means(const evaluate::Evaluation& evaluation, const config::Pipeline& pipeline,
               const std::vector<data::Class>& outputs, Log& log) {
  const evaluate::Metrics& metrics = evaluation.metrics;
  const auto only = pipeline.model.independent ? std::nullopt : evaluate::only_labelled_class(metrics);
  const std::string of_one = only ? " (the labels hold " + printable_line(outputs[*only].name) + " alone)" : "";
  log.info(report::headline_means(metrics.means, options_of(pipeline), of_one) + ", pixel accuracy " +
           report::percent(metrics.pixel_accuracy) + " % on " + std::to_string(evaluation.images) + " images in " +
           report::duration(evaluation.seconds));
}

void say_further_means(const evaluate::Metrics& metrics, const config::Pipeline& pipeline, Log& log) {
  log.progress("  " + report::further_means(metrics.means, options_of(pipeline)));
  const evaluate::MeanIous& means = metrics.mean_ious;
  if (means.with_truth == means.with_union && means.empty_as_one == means.empty_as_zero) return;
  log.progress("  mean IoU by other conventions (docs/metrics.md): " + report::percent(means.with_truth) +
               " % over classes with labels, " + report::percent(means.empty_as_one) + " % and " +
               report::percent(means.empty_as_zero) + " % with absent classes as 1 and as 0");
}

}  // namespace

void say_scores(const evaluate::Evaluation& evaluation, const config::Pipeline& pipeline,
                const std::vector<data::Class>& outputs, bool with_classes, Log& log) {
  say_means(evaluation, pipeline, outputs, log);
  if (!with_classes) return;
  const evaluate::Metrics& metrics = evaluation.metrics;
  say_further_means(metrics, pipeline, log);
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    log.progress("  IoU " + report::percent(metrics.classes[i].at("iou")) + " %  " + printable_line(outputs[i].name));
  }
}

}  // namespace sshost::app
