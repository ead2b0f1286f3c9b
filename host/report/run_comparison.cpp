#include "report/run_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "report/chart.h"
#include "report/html.h"
#include "report/page.h"

namespace sshost::report {
namespace {

constexpr const char* kNothing = "–";

using Value = std::function<std::string(const ComparedRun& run)>;

// A row of what `value` says of each run, where it says something of any.
void add_row(Table& table, const std::string& name, const std::vector<ComparedRun>& runs, const Value& value) {
  std::vector<std::string> row{name};
  for (const ComparedRun& run : runs) row.push_back(value(run));
  if (std::all_of(row.begin() + 1, row.end(), [](const std::string& cell) { return cell == kNothing; })) return;
  table.rows.push_back(std::move(row));
}

Value of_history(std::function<std::string(const TrainingHistory&)> value) {
  return [value = std::move(value)](const ComparedRun& run) { return run.history ? value(*run.history) : kNothing; };
}

Value of_scores(std::function<std::string(const Scores&)> value) {
  return [value = std::move(value)](const ComparedRun& run) { return run.scores ? value(*run.scores) : kNothing; };
}

double last_loss(const TrainingHistory& history) {
  return history.losses.empty() || history.losses.front().points.empty() ? NAN
                                                                         : history.losses.front().points.back().value;
}

// The highest mean IoU of all evaluations, and its step.
std::string best_mean_iou(const TrainingHistory& history) {
  const Point* best = nullptr;
  for (const Point& point : history.mean_iou.points) {
    if (std::isfinite(point.value) && (best == nullptr || point.value > best->value)) best = &point;
  }
  return best == nullptr ? kNothing : percent(best->value) + " (step " + number(best->step, 9) + ")";
}

// Of a run's classes, by their names.
using ClassIous = std::map<std::string_view, double>;

ClassIous class_ious(const ComparedRun& run) {
  ClassIous ious;
  if (!run.scores) return ious;
  for (const ClassScore& score : run.scores->classes) ious.emplace(score.name, score.iou);
  return ious;
}

double iou_of(const ClassIous& ious, const std::string& name) {
  const auto found = ious.find(name);
  return found == ious.end() ? NAN : found->second;
}

std::string points(double difference) {
  if (!std::isfinite(difference)) return kNothing;
  char text[32];
  std::snprintf(text, sizeof text, "%+.2f", 100 * difference);
  return text;
}

std::vector<std::string> class_names(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> names;
  std::set<std::string_view> known;
  for (const ComparedRun& run : runs) {
    if (!run.scores) continue;
    for (const ClassScore& score : run.scores->classes) {
      if (known.insert(score.name).second) names.push_back(score.name);
    }
  }
  return names;
}

std::string curves(const RunComparison& comparison, Chart chart,
                   const std::function<const Series*(const TrainingHistory&)>& curve) {
  bool any = false;
  for (const ComparedRun& run : comparison.runs) {
    const Series* series = run.history ? curve(*run.history) : nullptr;
    chart.series.push_back({run.name, series == nullptr ? std::vector<Point>{} : series->points});
    any = any || !chart.series.back().points.empty();
  }
  return any ? to_html(chart) : "";
}

std::string charts(const RunComparison& comparison) {
  Chart loss{"Loss", {}};
  loss.noisy = true;
  Chart mean_iou{"Mean IoU", {}, 100, " %"};
  Chart rate{"Learning rate", {}};
  for (Chart* half : {&mean_iou, &rate}) half->width = 548, half->height = 250;
  return curves(comparison, loss,
                [](const TrainingHistory& history) { return history.losses.empty() ? nullptr : &history.losses[0]; }) +
         curves(comparison, mean_iou, [](const TrainingHistory& history) { return &history.mean_iou; }) +
         curves(comparison, rate, [](const TrainingHistory& history) { return &history.learning_rate; });
}

std::string section(const std::string& title, const std::string& content) {
  return content.empty() ? "" : "<h2>" + escape(title) + "</h2>" + content + "\n";
}

std::string section(const std::string& title, const Table& table) {
  return table.rows.empty() ? "" : section(title, to_html(table));
}

}  // namespace

Table metrics_table(const RunComparison& comparison) {
  Table table{{"metric"}, {}};
  for (const ComparedRun& run : comparison.runs) table.header.push_back(run.name);
  const auto add = [&](const std::string& name, const Value& value) { add_row(table, name, comparison.runs, value); };
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    if (!metric.is_headline) continue;
    add("mean " + std::string(metric.label) + " %",
        of_scores([&metric](const Scores& scores) { return percent(evaluate::value_of(scores.means, metric.name)); }));
  }
  add("pixel accuracy %", of_scores([](const Scores& scores) { return percent(scores.pixel_accuracy); }));
  add("best mean IoU %", of_history(best_mean_iou));
  add("last loss", of_history([](const TrainingHistory& history) { return number(last_loss(history)); }));
  add("steps", of_history([](const TrainingHistory& history) { return std::to_string(history.steps); }));
  add("time per step", of_history([](const TrainingHistory& history) { return duration(history.step_seconds); }));
  add("images / s", of_history([](const TrainingHistory& history) { return number(history.images_per_second, 3); }));
  return table;
}

Table classes_table(const RunComparison& comparison) {
  const std::vector<ComparedRun>& runs = comparison.runs;
  Table table{{"IoU %"}, {}};
  for (size_t i = 0; i < runs.size(); ++i) {
    table.header.push_back(runs[i].name);
    if (i > 0) table.header.push_back("difference");
  }
  std::vector<ClassIous> ious;
  for (const ComparedRun& run : runs) ious.push_back(class_ious(run));
  for (const std::string& name : class_names(runs)) {
    std::vector<std::string>& row = table.rows.emplace_back(1, name);
    for (size_t i = 0; i < runs.size(); ++i) {
      row.push_back(percent(iou_of(ious[i], name)));
      if (i > 0) row.push_back(points(iou_of(ious[i], name) - iou_of(ious[0], name)));
    }
  }
  return table;
}

std::string to_html(const RunComparison& comparison) {
  std::string title;
  for (const ComparedRun& run : comparison.runs) title += (title.empty() ? "" : " · ") + run.name;
  const std::string curves = charts(comparison);
  const std::string body = page_header(title, std::to_string(comparison.runs.size()) + " runs") + "\n" +
                           section("Metrics", metrics_table(comparison)) +
                           section("Training", curves.empty() ? "" : "<div class=\"charts\">" + curves + "</div>") +
                           section("What differs in the pipelines", comparison.pipeline) +
                           section("IoU per class", classes_table(comparison));
  return whole_page(title, body);
}

}  // namespace sshost::report
