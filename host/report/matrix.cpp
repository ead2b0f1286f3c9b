#include "report/matrix.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/console.h"
#include "report/html.h"
#include "report/picture.h"

namespace sshost::report {
namespace {

constexpr int kSmallestCell = 13, kLargestCell = 48;
constexpr int kUsualSide = 640;       // of the cells together, as long as the bounds allow it
constexpr int kCellWithValue = 32;    // smaller cells show none
constexpr size_t kLongestName = 22;   // in characters; longer ones are cut
constexpr double kLetterWidth = 0.6;  // of its height, at most
constexpr int kGap = 8;

std::string integer(double value) { return std::to_string(std::lround(value)); }

// Sizes of the drawing in its own units, which are pixels.
struct Layout {
  explicit Layout(const Matrix& matrix)
      : count(static_cast<int>(matrix.names.size())),
        cell(std::clamp(kUsualSide / std::max(1, count), kSmallestCell, kLargestCell)),
        font(std::clamp(cell - 3, 10, 13)) {
    for (const std::string& name : matrix.names) longest = std::max(longest, width_of(name));
    longest = std::max(longest, static_cast<int>(kLetterWidth * 12 * 14));  // the axes' names stand in the corner
  }
  int width_of(const std::string& text) const {
    const auto letters = static_cast<double>(std::min(text.size(), kLongestName));
    return static_cast<int>(kLetterWidth * font * letters) + 1;
  }
  int left() const { return longest + kGap; }
  int top() const { return longest + kGap; }
  int side() const { return count * cell; }
  bool is_large() const { return side() > kUsualSide; }
  int width() const { return left() + side() + (is_large() ? left() : 2); }
  int height() const { return top() + side() + (is_large() ? top() : 2); }
  double middle(int index) const { return (index + 0.5) * cell; }

  int count;
  int cell;
  int font;
  int longest = 0;  // name
};

std::string shortened(const std::string& name) {
  const std::string_view cut = first_columns(name, static_cast<int>(kLongestName));
  if (cut.size() == name.size()) return escape(name);
  return escape(first_columns(name, static_cast<int>(kLongestName) - 1)) + "…";
}

std::string text_at(double x, double y, const std::string& more, const std::string& text) {
  return "<text x=\"" + integer(x) + "\" y=\"" + integer(y) + "\"" + more + ">" + text + "</text>";
}

// On the left, and of a large matrix, which scrolls, on the right as well.
std::string row_names(const Matrix& matrix, const Layout& layout) {
  std::string out;
  for (int i = 0; i < layout.count; ++i) {
    const std::string name = shortened(matrix.names[static_cast<size_t>(i)]);
    const double y = layout.top() + layout.middle(i);
    out += text_at(layout.left() - kGap, y, " text-anchor=\"end\" dy=\".35em\"", name);
    if (layout.is_large()) out += text_at(layout.left() + layout.side() + kGap, y, " dy=\".35em\"", name);
  }
  return out;
}

// Read from the bottom up; above, and of a large matrix below as well.
std::string column_names(const Matrix& matrix, const Layout& layout) {
  const auto upright = [](double x, double y, const char* anchor, const std::string& name) {
    return "<text transform=\"translate(" + integer(x) + " " + integer(y) + ") rotate(-90)\" text-anchor=\"" + anchor +
           "\" dy=\".35em\">" + name + "</text>";
  };
  std::string out;
  for (int i = 0; i < layout.count; ++i) {
    const std::string name = shortened(matrix.names[static_cast<size_t>(i)]);
    const double x = layout.left() + layout.middle(i);
    out += upright(x, layout.top() - kGap, "start", name);
    if (layout.is_large()) out += upright(x, layout.top() + layout.side() + kGap, "end", name);
  }
  return out;
}

std::string axis_names(const Matrix& matrix, const Layout& layout) {
  const int corner = layout.top() - kGap;
  return text_at(layout.left() - kGap, corner - 18, " class=\"axis-name\" text-anchor=\"end\"",
                 escape(matrix.column_axis) + " →") +
         text_at(layout.left() - kGap, corner, " class=\"axis-name\" text-anchor=\"end\"",
                 escape(matrix.row_axis) + " ↓");
}

// A text that is read on its cell: the page's own where the page shows through.
std::string ink_for(const cv::Vec4b& rgba) {
  if (rgba[3] < 120) return "";
  const double light = 0.299 * rgba[0] + 0.587 * rgba[1] + 0.114 * rgba[2];
  return light > 150 ? " style=\"fill:#14181f\"" : " style=\"fill:#fff\"";
}

std::string cell_values(const Matrix& matrix, const Layout& layout) {
  if (layout.cell < kCellWithValue || matrix.values.empty()) return "";
  std::string out = "<g class=\"values\" text-anchor=\"middle\">";
  for (int y = 0; y < layout.count; ++y) {
    for (int x = 0; x < layout.count; ++x) {
      out += text_at(layout.left() + layout.middle(x), layout.top() + layout.middle(y),
                     " dy=\".35em\"" + ink_for(matrix.colors.at<cv::Vec4b>(y, x)),
                     escape(matrix.values[static_cast<size_t>(y * layout.count + x)]));
    }
  }
  return out + "</g>";
}

std::string cells(const Matrix& matrix, const Layout& layout) {
  const std::string place = "x=\"" + std::to_string(layout.left()) + "\" y=\"" + std::to_string(layout.top()) +
                            "\" width=\"" + std::to_string(layout.side()) + "\" height=\"" +
                            std::to_string(layout.side()) + "\"";
  return "<image class=\"cells\" preserveAspectRatio=\"none\" " + place + " href=\"" + mask_uri(matrix.colors) +
         "\"/><rect class=\"frame\" " + place + "/>";
}

std::string css_color(const cv::Vec4b& rgba) {
  char text[48];
  std::snprintf(text, sizeof text, "rgb(%d %d %d / %.3f)", rgba[0], rgba[1], rgba[2], rgba[3] / 255.0);
  return text;
}

std::string to_html(const ColorScale& scale) {
  std::string colors, labels;
  for (const ColorScale::Stop& stop : scale.stops) {
    const std::string at = number(100 * stop.at, 4) + "%";
    colors += (colors.empty() ? "" : ",") + css_color(stop.rgba) + " " + at;
    if (!stop.label.empty()) labels += "<b style=\"left:" + at + "\">" + escape(stop.label) + "</b>";
  }
  return "<div class=\"scale\"><span>" + escape(scale.caption) + "</span><i style=\"background:linear-gradient(90deg," +
         colors + ")\"></i><div>" + labels + "</div></div>";
}

}  // namespace

std::string to_html(const Matrix& matrix) {
  if (matrix.names.empty()) return "";
  const Layout layout(matrix);
  const std::string width = std::to_string(layout.width());
  const std::string height = std::to_string(layout.height());
  std::string scales;
  for (const ColorScale& scale : matrix.scales) scales += to_html(scale);
  const auto attribute = [](const std::vector<std::string>& texts) {
    return escape(nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  };
  return "<figure class=\"card matrix\" data-names=\"" + attribute(matrix.names) + "\" data-values=\"" +
         attribute(matrix.values) + "\" data-axes=\"" + attribute({matrix.row_axis, matrix.column_axis}) +
         "\"><output></output><div class=\"tablebox\"><svg width=\"" + width + "\" height=\"" + height +
         "\" viewBox=\"0 0 " + width + " " + height + "\" font-size=\"" + std::to_string(layout.font) +
         "\" role=\"img\" aria-label=\"" + escape(matrix.title) + "\">" + cells(matrix, layout) +
         axis_names(matrix, layout) + row_names(matrix, layout) + column_names(matrix, layout) +
         cell_values(matrix, layout) + "</svg></div>" + scales + "</figure>";
}

}  // namespace sshost::report
