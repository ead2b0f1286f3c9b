#include "app/score_lines.h"

#include <string>

#include "report/html.h"

namespace sshost::app {
namespace {

void say_means(const evaluate::Evaluation& evaluation, const config::Pipeline& pipeline,
               const std::vector<data::Class>& outputs, Log& log) {
  const evaluate::Metrics& metrics = evaluation.metrics;
  const auto only = pipeline.model.independent ? std::nullopt : evaluate::only_labelled_class(metrics);
  const std::string of_one = only ? " (the labels hold " + outputs[*only].name + " alone)" : "";
  log.info("mean IoU " + report::percent(metrics.mean_iou) + " %" + of_one + ", mean accuracy " +
           report::percent(metrics.mean_accuracy) + " %, pixel accuracy " + report::percent(metrics.pixel_accuracy) +
           " % on " + std::to_string(evaluation.images) + " images in " + report::duration(evaluation.seconds));
}

void say_further_means(const evaluate::Metrics& metrics, const config::Pipeline& pipeline, Log& log) {
  std::string further = "mean Dice " + report::percent(metrics.mean_dice) + " %";
  if (metrics.beta != 1) {
    further += ", mean F" + report::number(metrics.beta) + " " + report::percent(metrics.mean_f_score) + " %";
  }
  if (pipeline.evaluate.boundary_ratio > 0) {
    further += ", mean boundary IoU " + report::percent(metrics.mean_boundary_iou) + " %";
  }
  log.progress("  " + further);
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
    log.progress("  IoU " + report::percent(metrics.classes[i].iou) + " %  " + outputs[i].name);
  }
}

}  // namespace sshost::app
