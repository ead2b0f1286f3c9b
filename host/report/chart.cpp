#include "report/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/axis.h"
#include "report/curve.h"
#include "report/html.h"

namespace sshost::report {
namespace {

constexpr size_t kMostPoints = 600;
constexpr size_t kFewPoints = 40;  // so few are marked one by one
constexpr int kColors = 6;         // classes s0 to s5 of the style
constexpr int kLeft = 58, kRight = 18, kTop = 14, kBottom = 34;

std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// A chart with its points thinned, scaled and placed.
struct Plot {
  const Chart& chart;
  std::vector<Series> series;
  Axis x, y;

  double place_x(double step) const { return kLeft + x.position(step) * (chart.width - kLeft - kRight); }
  double place_y(double value) const {
    const double inner = chart.height - kTop - kBottom;
    return kTop + (1 - std::clamp(y.position(value), 0.0, 1.0)) * inner;
  }
};

Plot make_plot(const Chart& chart) {
  Plot plot{chart, {}, {}, {}};
  double low_x = INFINITY, high_x = -INFINITY, low_y = INFINITY, high_y = -INFINITY;
  for (const Series& series : chart.series) {
    std::vector<Point> points = thin_out(series.points, kMostPoints);
    for (Point& point : points) point.value *= chart.scale;
    for (const Point& point : points) {
      low_x = std::min(low_x, point.step), high_x = std::max(high_x, point.step);
      low_y = std::min(low_y, point.value);
      if (!chart.noisy) high_y = std::max(high_y, point.value);
    }
    if (chart.noisy && !points.empty()) high_y = std::max(high_y, 1.05 * quantile(points, 0.99));
    plot.series.push_back({series.name, std::move(points)});
  }
  if (low_x == high_x) low_x = std::min(0.0, low_x);  // a lone evaluation stands at the end of its training
  plot.x = make_axis(low_x, high_x, chart.width / 110, false);
  plot.y = make_axis(chart.from_zero ? std::min(0.0, low_y) : low_y, high_y, chart.height / 55, true);
  return plot;
}

std::string axes(const Plot& plot) {
  const int bottom = plot.chart.height - kBottom, right = plot.chart.width - kRight;
  std::string out = "<g class=\"axis\">";
  for (const double tick : plot.y.ticks) {
    const std::string y = coordinate(plot.place_y(tick));
    out += "<path class=\"grid\" d=\"M" + std::to_string(kLeft) + " " + y + "H" + std::to_string(right) + "\"/>";
    out += "<text x=\"" + std::to_string(kLeft - 10) + "\" y=\"" + y + "\" text-anchor=\"end\" dy=\"4\">" +
           number(tick) + "</text>";
  }
  for (const double tick : plot.x.ticks) {
    const std::string x = coordinate(plot.place_x(tick));
    out += "<path class=\"tick\" d=\"M" + x + " " + std::to_string(bottom) + "v5\"/>";
    out += "<text x=\"" + x + "\" y=\"" + std::to_string(bottom + 21) + "\" text-anchor=\"middle\">" + number(tick, 7) +
           "</text>";
  }
  out += "<text x=\"" + std::to_string(kLeft - 24) + "\" y=\"" + std::to_string(bottom + 21) +
         "\" text-anchor=\"end\">step</text>";
  out += "<path class=\"base\" d=\"M" + std::to_string(kLeft) + " " + std::to_string(bottom) + "H" +
         std::to_string(right) + "\"/></g>";
  return out;
}

std::string line(const Plot& plot, const std::vector<Point>& points, const std::string& style) {
  if (points.empty()) return "";
  std::string path;
  for (const Point& point : points) {
    path +=
        (path.empty() ? "M" : "L") + coordinate(plot.place_x(point.step)) + " " + coordinate(plot.place_y(point.value));
  }
  return "<path class=\"" + style + "\" d=\"" + path + "\"/>";
}

std::string marks(const Plot& plot, const std::vector<Point>& points, const std::string& style) {
  std::string out;
  for (const Point& point : points) {
    out += "<circle class=\"" + style + "\" r=\"3.5\" cx=\"" + coordinate(plot.place_x(point.step)) + "\" cy=\"" +
           coordinate(plot.place_y(point.value)) + "\"/>";
  }
  return out;
}

std::string color_class(size_t index) { return "s" + std::to_string(index % kColors); }

std::string curves(const Plot& plot) {
  std::string out;
  for (size_t i = plot.series.size(); i-- > 0;) {  // the first one on top
    const std::vector<Point>& points = plot.series[i].points;
    const std::string color = color_class(i);
    if (plot.chart.noisy && points.size() > kFewPoints) {
      out += line(plot, points, "raw " + color) + line(plot, smooth(points, 30), "line " + color);
    } else {
      out += line(plot, points, "line " + color);
      if (points.size() <= kFewPoints) out += marks(plot, points, "mark " + color);
    }
  }
  return out;
}

std::string legend(const Plot& plot) {
  std::string out = "<ul class=\"legend\">";
  for (size_t i = 0; i < plot.series.size(); ++i) {
    const Series& series = plot.series[i];
    const std::string last = series.points.empty() ? "–" : number(series.points.back().value) + plot.chart.unit;
    out += "<li><i class=\"" + color_class(i) + "\"></i>" + escape(series.name) + " <b>" + escape(last) + "</b></li>";
  }
  return out + "</ul>";
}

// What the script needs to tell the values under the pointer: [x, step, value] of every point.
std::string data(const Plot& plot) {
  std::string out = "[";
  for (const Series& series : plot.series) {
    out += out.size() > 1 ? ",[" : "[";
    for (const Point& point : series.points) {
      if (out.back() == ']') out += ",";
      out += "[" + coordinate(plot.place_x(point.step)) + "," + number(point.step, 9) + "," + number(point.value) + "]";
    }
    out += "]";
  }
  return out + "]";
}

}  // namespace

std::string to_html(const Chart& chart) {
  const Plot plot = make_plot(chart);
  const std::string box = std::to_string(chart.width) + " " + std::to_string(chart.height);
  return "<figure class=\"chart\" data-unit=\"" + escape(chart.unit) + "\" data-series=\"" + data(plot) +
         "\"><figcaption><h3>" + escape(chart.title) + "</h3>" + legend(plot) +
         "</figcaption><div class=\"plot\"><svg viewBox=\"0 0 " + box + "\" role=\"img\" aria-label=\"" +
         escape(chart.title) + " over training steps\">" + axes(plot) + curves(plot) +
         "<path class=\"cursor\" d=\"M0 " + std::to_string(kTop) + "V" + std::to_string(chart.height - kBottom) +
         "\"/></svg></div><div class=\"readout\"></div></figure>";
}

}  // namespace sshost::report
