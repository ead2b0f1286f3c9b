#include "report/html.h"

#include <cmath>
#include <cstdio>

namespace sshost::report {
namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string number(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  return format("%.*g", digits, value);
}

std::string percent(double fraction) {
  if (!std::isfinite(fraction)) return "–";
  return format("%.2f", 100 * fraction);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  if (seconds < 1) return format("%.0f ms", 1000 * seconds);
  if (seconds < 60) return format("%.1f s", seconds);
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  const auto part = [&](int64_t unit, int64_t of) { return static_cast<int>(whole / unit % of); };
  if (whole < 600) return format("%d min %d s", part(60, 60), part(1, 60));
  if (whole < 3600) return format("%d min", part(60, 60));
  return format("%d h %d min", static_cast<int>(whole / 3600), part(60, 60));
}

std::string hex_color(const std::array<uint8_t, 3>& rgb) {
  return format("#%02x%02x%02x", static_cast<unsigned>(rgb[0]), static_cast<unsigned>(rgb[1]),
                static_cast<unsigned>(rgb[2]));
}

}  // namespace sshost::report
