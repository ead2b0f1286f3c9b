#include "report/sections.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include "report/chart.h"
#include "report/html.h"
#include "report/page.h"
#include "report/picture.h"

namespace sshost::report {
namespace {

constexpr size_t kMostOpenClasses = 20;  // longer tables are closed at first
constexpr int kPictureWidth = 560;       // of the images in the file; wider ones are scaled down

std::string tile(const std::string& name, const std::string& value, const std::string& unit, bool main = false) {
  return "<div class=\"card tile" + std::string(main ? " main" : "") + "\"><span>" + escape(name) + "</span><b>" +
         escape(value) + (unit.empty() ? "" : " <small>" + escape(unit) + "</small>") + "</b></div>";
}

std::string swatch(const std::array<uint8_t, 3>& color) {
  return "<i class=\"swatch\" style=\"background:" + hex_color(color) + "\"></i>";
}

// Cells carry their plain value for sorting; what is not defined sorts below all numbers.
std::string number_cell(double value, const std::string& text) {
  return "<td class=\"number\" data-value=\"" + (std::isfinite(value) ? number(value, 12) : "-1") + "\">" + text +
         "</td>";
}

// A column of the table of scores: what stands in its head, what a class has there, and the mean over classes.
struct Column {
  std::string head;
  std::string_view metric;
  double mean;
};

// Behind IoU and accuracy: what the evaluation took.
std::vector<Column> further_columns(const Scores& scores) {
  std::vector<Column> taken;
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    const double mean = evaluate::value_of(scores.means, metric.name);
    if (metric.is_headline || !std::isfinite(mean) || !evaluate::is_taken(metric, {.beta = scores.beta})) continue;
    taken.push_back({evaluate::title_of(metric, scores.beta), metric.name, mean});
  }
  return taken;
}

std::string score_row(const ClassScore& score, const std::vector<Column>& columns, double all_pixels) {
  const double whole = score.known > 0 ? static_cast<double>(score.known) : all_pixels;
  const double share = whole > 0 ? static_cast<double>(score.pixels) / whole : NAN;
  const double width = std::isfinite(score.iou) ? 100 * score.iou : 0;
  std::string further;
  for (const Column& column : columns) {
    const double value = evaluate::value_of(score.values, column.metric);
    further += number_cell(value, percent(value));
  }
  return "<tr><td data-value=\"" + escape(score.name) + "\">" + swatch(score.color) + escape(score.name) + "</td>" +
         number_cell(score.iou, percent(score.iou)) + "<td class=\"bar\" data-value=\"" + number(width, 6) +
         "\"><div><div style=\"width:" + number(width) + "%;height:100%\"></div></div></td>" +
         number_cell(score.accuracy, percent(score.accuracy)) + further + number_cell(share, percent(share)) + "</tr>";
}

std::string mean_row(const std::string& value, const std::string& rule, const std::string& who) {
  return "<tr><td class=\"number\">" + value + "</td><td>" + rule + "</td><td class=\"soft\">" + who + "</td></tr>";
}

// What the mean IoU is by everybody's way to treat a class that is not there.
std::string mean_ious_table(const MeanIous& means) {
  if (!std::isfinite(means.with_union)) return "";
  return "<details class=\"card\" style=\"margin-top:14px\"><summary>Mean IoU by other "
         "conventions</summary><table><thead><tr><th "
         "class=\"number\">Mean IoU %</th><th>over</th><th>as in</th></tr></thead><tbody>" +
         mean_row("<b>" + percent(means.with_union) + "</b>", "classes that labels or predictions hold",
                  "this report, mmsegmentation, Cityscapes scripts, torchmetrics") +
         mean_row(percent(means.with_truth), "classes that labels hold", "detectron2") +
         mean_row(percent(means.empty_as_one), "all classes; 1 for one that neither holds",
                  "segmentation_models_pytorch") +
         mean_row(percent(means.empty_as_zero), "all classes; 0 for one that neither holds",
                  "ADE20K's development kit, scikit-learn with all labels") +
         "</tbody></table></details>";
}

Palette palette_of(const std::vector<ClassScore>& classes) {
  std::vector<std::string> names;
  std::vector<std::array<uint8_t, 3>> colors;
  for (const ClassScore& score : classes) names.push_back(score.name), colors.push_back(score.color);
  return make_palette(names, colors);
}

std::string view_figure(const cv::Mat& photo, const std::string& mask, const std::string& caption) {
  const std::string ratio = std::to_string(photo.cols) + "/" + std::to_string(photo.rows);
  return "<figure class=\"view\"><div style=\"aspect-ratio:" + ratio + "\">" +
         (mask.empty() ? "" : "<img alt=\"" + escape(caption) + "\" src=\"" + mask + "\">") + "</div><figcaption>" +
         escape(caption) + "</figcaption></figure>";
}

// "mean IoU 12.30 % · 45.60 % of the pixels are right"
std::string note_of(const Comparison& comparison, size_t classes) {
  if (comparison.truth.empty()) return "";
  const double right = agreement(comparison.prediction, comparison.truth, classes);
  const std::string iou =
      std::isfinite(comparison.mean_iou) ? "mean IoU " + percent(comparison.mean_iou) + " % · " : std::string();
  return iou + percent(right) + " % of the pixels are right";
}

std::string comparison_card(const Comparison& comparison, const Palette& palette) {
  const cv::Mat photo = fit_width(comparison.image, kPictureWidth, false);
  const cv::Mat prediction = fit_width(comparison.prediction, kPictureWidth, true);
  std::string views = view_figure(photo, "", "Image");
  cv::Mat truth;
  if (!comparison.truth.empty()) {
    truth = fit_width(comparison.truth, kPictureWidth, true);
    views += view_figure(photo, mask_uri(paint_outlined(truth, palette)), "Truth");
  }
  views += view_figure(photo, mask_uri(paint_outlined(prediction, palette)), "Prediction");
  if (!truth.empty())
    views += view_figure(photo, mask_uri(paint_errors(prediction, truth, palette.size())), "Mistakes");
  return "<article class=\"card comparison\" style=\"--photo:url(" + photo_uri(photo) + ")\"><header><b>" +
         escape(comparison.id) + "</b><span class=\"soft\">" + note_of(comparison, palette.size()) +
         "</span></header><div class=\"views\">" + views + "</div></article>";
}

// The photographs stay clear where a class is what lies behind all others.
std::string palette_list(const std::vector<ClassScore>& classes, const Palette& palette) {
  std::string out = "<ul class=\"palette\">";
  for (size_t i = 0; i < classes.size(); ++i) {
    const std::string mark = palette[i].is_clear ? "<i class=\"swatch\"></i>" : swatch(classes[i].color);
    out += "<li>" + mark + escape(classes[i].name) + (palette[i].is_clear ? " (clear)" : "") + "</li>";
  }
  return out + "<li>" + swatch({kMistake[0], kMistake[1], kMistake[2]}) + "mistakes</li></ul>";
}

constexpr size_t kShownRows = 20;  // of the images' scores

std::string image_rows(const std::vector<ImageRow>& images) {
  std::string out;
  for (size_t i = 0; i < std::min(images.size(), kShownRows); ++i) {
    out += "<tr><td>" + escape(images[i].id) + "</td><td class=\"number\">" + percent(images[i].mean_iou) +
           "</td><td class=\"number\">" + percent(images[i].pixel_accuracy) + "</td></tr>";
  }
  return out;
}

std::string images_table(const std::vector<ImageRow>& images) {
  if (images.empty()) return "";
  const bool are_all = images.size() <= kShownRows;
  const std::string title = are_all ? "Scores of each image, the worst first"
                                    : "Scores of the " + std::to_string(kShownRows) + " worst of " +
                                          std::to_string(images.size()) + " images";
  return "<details class=\"card\"><summary>" + title +
         "</summary><p class=\"soft\">All of them are in image_scores.csv beside this report.</p><div "
         "class=\"tablebox\"><table><thead><tr><th>Image</th><th class=\"number\">Mean IoU %</th><th "
         "class=\"number\">Pixel accuracy %</th></tr></thead><tbody>" +
         image_rows(images) + "</tbody></table></div></details>";
}

// How often the classes occur in what was counted.
struct Frequencies {
  std::string head;
  std::vector<int64_t> pixels;  // of each class
  int64_t ignored = 0;

  double counted() const {
    double sum = 0;
    for (const int64_t count : pixels) sum += static_cast<double>(count);
    return sum;
  }
};

std::vector<Frequencies> frequencies_of(const Report& report) {
  std::vector<Frequencies> all;
  if (report.history && !report.history->class_pixels.empty()) {
    all.push_back({"Trained on", report.history->class_pixels, report.history->ignored_pixels});
  }
  if (report.scores && !report.scores->confusion.empty()) {
    all.push_back({"Evaluated on", {}, report.scores->ignored_pixels});
    for (const ClassScore& score : report.scores->classes) all.back().pixels.push_back(score.pixels);
  }
  std::erase_if(all, [&](const Frequencies& each) { return each.pixels.size() != report.classes.size(); });
  return all;
}

std::string frequency_cells(const Frequencies& frequencies, size_t index) {
  const double part = static_cast<double>(frequencies.pixels[index]) / frequencies.counted();
  return "<td class=\"number\">" + percent(part) +
         "</td><td class=\"bar\"><div><div style=\"width:" + number(std::isfinite(part) ? 100 * part : 0) +
         "%;height:100%\"></div></div></td>";
}

// "1.2 million pixels; of all, 3.40 % are ignored"
std::string what_was_counted(const Frequencies& frequencies) {
  const double counted = frequencies.counted(), all = counted + static_cast<double>(frequencies.ignored);
  return (counted < 1e5 ? number(counted, 6) : number(counted / 1e6, 4) + " million") + " pixels; of all, " +
         percent(static_cast<double>(frequencies.ignored) / all) + " % are ignored";
}

// Keys and comments stand out.
std::string yaml_line(const std::string& line) {
  const size_t text = line.find_first_not_of(" -");
  if (text == std::string::npos) return escape(line);
  if (line[text] == '#') return "<span class=\"note\">" + escape(line) + "</span>";
  const size_t colon = line.find(':', text);
  const bool is_key = colon != std::string::npos && (colon + 1 == line.size() || line[colon + 1] == ' ') &&
                      line.find_first_of("\"'{[", text) > colon;
  if (!is_key) return escape(line);
  return escape(line.substr(0, text)) + "<span class=\"key\">" + escape(line.substr(text, colon - text)) + "</span>" +
         escape(line.substr(colon));
}

std::string facts_table(const std::vector<Fact>& facts) {
  std::string out = "<table><tbody>";
  for (const Fact& fact : facts) {
    out += "<tr><td class=\"soft\">" + escape(fact.name) + "</td><td>" + escape(fact.value) + "</td></tr>";
  }
  return out + "</tbody></table>";
}

std::string plugins_table(const std::vector<PluginRow>& plugins) {
  std::string out = "<table><thead><tr><th>Plugin</th><th>Version</th><th>Offers</th><th>File</th></tr></thead><tbody>";
  for (const PluginRow& row : plugins) {
    out += "<tr><td>" + escape(row.name) + "</td><td>" + escape(row.version) + "</td><td>" + escape(row.offers) +
           "</td><td>" + escape(row.path) + "</td></tr>";
  }
  return out + "</tbody></table>";
}

}  // namespace

std::string headline_section(const Report& report) {
  std::string tiles;
  if (report.scores) {
    const char* title = report.scores->of_one_class ? "Mean IoU of one class alone" : "Mean IoU";
    tiles += tile(title, percent(report.scores->mean_iou), "%", true);
    tiles += tile("Pixel accuracy", percent(report.scores->pixel_accuracy), "%");
  }
  if (report.history) {
    tiles += tile("Steps", std::to_string(report.history->steps), "");
    tiles += tile("Time per step", duration(report.history->step_seconds), "");
    tiles += tile("Images / s", number(report.history->images_per_second, 3), "");
  }
  for (const Fact& fact : report.facts) tiles += tile(fact.name, fact.value, "");
  return page_header(report.title, report.subtitle) + (tiles.empty() ? "" : "<div class=\"tiles\">" + tiles + "</div>");
}

std::string training_section(const TrainingHistory& history) {
  std::string charts;
  if (!history.losses.empty()) {
    Chart losses{"Loss", history.losses};
    losses.noisy = true;
    charts += to_html(losses);
  }
  const auto half = [](Chart chart) {
    chart.width = 548, chart.height = 250;
    return to_html(chart);
  };
  if (!history.learning_rate.points.empty()) charts += half({"Learning rate", {history.learning_rate}});
  if (history.mean_iou.points.size() > 1) charts += half({"Mean IoU", {history.mean_iou}, 100, " %"});
  return charts.empty() ? "" : "<h2>Training</h2><div class=\"charts\">" + charts + "</div>";
}

std::string scores_section(const Scores& scores) {
  double all_pixels = 0;
  for (const ClassScore& score : scores.classes) all_pixels += static_cast<double>(score.pixels);
  const std::vector<Column> columns = further_columns(scores);
  std::string rows, heads, means;
  for (const ClassScore& score : scores.classes) rows += score_row(score, columns, all_pixels);
  for (const Column& column : columns) {
    heads += "<th class=\"number\">" + column.head + " %</th>";
    means += "<td class=\"number\"><b>" + percent(column.mean) + "</b></td>";
  }
  return "<h2>IoU per class <span class=\"soft\">on " + std::to_string(scores.images) +
         " images</span></h2><div class=\"card tablebox\"><table class=\"scores\"><thead><tr><th>Class</th><th "
         "class=\"number\">IoU %</th><th class=\"bar\"></th><th class=\"number\">Accuracy %</th>" +
         heads + "<th class=\"number\">Share of pixels %</th></tr></thead><tbody>" + rows +
         "</tbody><tfoot><tr><td><b>Mean</b></td><td class=\"number\"><b>" + percent(scores.mean_iou) +
         "</b></td><td class=\"bar\"></td><td class=\"number\"><b>" + percent(scores.mean_accuracy) + "</b></td>" +
         means + "<td></td></tr></tfoot></table></div>" + mean_ious_table(scores.mean_ious);
}

std::string frequencies_section(const Report& report) {
  const std::vector<Frequencies> all = frequencies_of(report);
  if (all.empty()) return "";
  std::string heads, rows, notes;
  for (const Frequencies& each : all) {
    heads += "<th class=\"number\">" + each.head + " %</th><th class=\"bar\"></th>";
    notes += "<p class=\"soft\">" + each.head + ": " + what_was_counted(each) + ".</p>";
  }
  for (size_t i = 0; i < report.classes.size(); ++i) {
    rows += "<tr><td>" + swatch(report.classes[i].color) + escape(report.classes[i].name) + "</td>";
    for (const Frequencies& each : all) rows += frequency_cells(each, i);
    rows += "</tr>";
  }
  return "<h2>How often the classes occur</h2><details class=\"card\"" +
         std::string(report.classes.size() <= kMostOpenClasses ? " open" : "") +
         "><summary>Parts of the labelled pixels</summary><div class=\"tablebox\"><table "
         "class=\"frequencies\"><thead><tr>"
         "<th>Class</th>" +
         heads + "</tr></thead><tbody>" + rows + "</tbody></table></div>" + notes +
         "<p class=\"soft\">Training counts the crops that the model saw, with their flips and scales; evaluation "
         "counts "
         "the labels as they are stored.</p></details>";
}

std::string images_section(const Report& report) {
  if (report.comparisons.empty()) return images_table(report.images);
  const Palette palette = palette_of(report.classes);
  std::string out =
      "<div class=\"toolbar\"><h2>Images</h2><label>Opacity of the masks <input id=\"mask\" type=\"range\" min=\"0\" "
      "max=\"100\" value=\"65\"></label></div>" +
      palette_list(report.classes, palette);
  std::string group;
  for (const Comparison& comparison : report.comparisons) {
    if (comparison.group != group) out += "<h3 class=\"below\">" + escape(comparison.group) + "</h3>";
    group = comparison.group;
    out += comparison_card(comparison, palette);
  }
  return out + images_table(report.images);
}

std::string pipeline_section(const std::string& yaml) {
  if (yaml.empty()) return "";
  std::string lines;
  std::istringstream text(yaml);
  for (std::string line; std::getline(text, line);) lines += yaml_line(line) + "\n";
  return "<details class=\"card\"><summary>Pipeline, resolved with all defaults</summary><pre>" + lines +
         "</pre></details>";
}

std::string environment_section(const Report& report) {
  if (report.environment.empty() && report.plugins.empty()) return "";
  return "<details class=\"card\"><summary>Environment and plugins</summary>" +
         (report.environment.empty() ? "" : facts_table(report.environment)) +
         (report.plugins.empty() ? "" : plugins_table(report.plugins)) + "</details>";
}

}  // namespace sshost::report
