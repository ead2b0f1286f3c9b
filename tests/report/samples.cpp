#include "report/samples.h"

#include <cmath>

namespace sshost::report {
namespace {

TrainingHistory history(double loss, double seconds) {
  TrainingHistory history;
  history.losses = {{"total", {{1, 2 * loss}, {50, loss}}}};
  history.learning_rate = {"learning rate", {{1, 0.1}, {50, 0.01}}};
  history.mean_iou = {"mean IoU", {{25, 0.5}, {50, 0.4}}};
  history.steps = 50;
  history.step_seconds = seconds;
  history.images_per_second = 4 / seconds;
  return history;
}

}  // namespace

Report sample_report() {
  Report report;
  report.title = "camvid <fcn> & \"more\"";
  report.subtitle = "finished";
  TrainingHistory history;
  history.losses = {{"total", {}}, {"head", {}}};
  for (int step = 1; step <= 100; ++step) {
    history.losses[0].points.push_back({double(step), 2.0 / step});
    history.losses[1].points.push_back({double(step), 1.0 / step});
    history.learning_rate.points.push_back({double(step), 0.01 - 0.0001 * step});
  }
  history.mean_iou = {"mean IoU", {{50, 0.3}, {100, 0.5}}};
  history.steps = 100;
  history.class_pixels = {300, 100};
  report.history = history;
  report.classes = {{"sky", {128, 128, 128}, 0.9, 0.95, 900}, {"sign", {192, 128, 128}, NAN, NAN, 0}};
  report.scores = Scores{0.9, 0.95, 0.93, 20, 10, report.classes};
  report.scores->means = {{"iou", 0.9}, {"accuracy", 0.95}};
  report.scores->confusion = {{880, 20}, {0, 0}};
  report.scores->ignored_pixels = 100;
  cv::Mat labels(40, 60, CV_32S, cv::Scalar(0));
  report.comparisons = {
      {"seq/<1>", cv::Mat(40, 60, CV_8UC3, cv::Scalar(9, 8, 7)), labels, labels.clone(), "The worst", 0.125}};
  report.images = {{"seq/<1>", 0.125, 0.5}, {"seq/2", 0.75, 0.9}};
  report.pipeline = "model:\n  head: {type: fcn}\n  # a comment\n";
  report.environment = {{"LibTorch", "2.13"}};
  report.plugins = {{"fcn", "1.0.0", "head fcn", "/plugins/fcn.so"}};
  return report;
}

RunComparison sample_comparison() {
  RunComparison comparison;
  comparison.pipeline = {{"pipeline", "a", "<b>"}, {{"model.head.type", "fcn", "psp"}}};
  comparison.runs.push_back(
      {"a", history(0.5, 2), Scores{0.4, 0.6, 0.7, 5, 1, {{"sky", {}, 0.8, 0.9, 10}, {"car", {}, NAN, NAN, 0}}}});
  comparison.runs.push_back({"<b>", history(0.25, 0.5),
                             Scores{0.45, 0.6, 0.7, 5, 1, {{"sky", {}, 0.75, 0.9, 10}, {"bus", {}, 0.1, 0.1, 2}}}});
  for (ComparedRun& run : comparison.runs) {
    run.scores->means = {{"iou", run.scores->mean_iou}, {"accuracy", run.scores->mean_accuracy}};
  }
  return comparison;
}

}  // namespace sshost::report
