#ifndef SSHOST_REPORT_HTML_H
#define SSHOST_REPORT_HTML_H

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sshost::report {

// Text for an element or a quoted attribute.
std::string escape(std::string_view text);

// The shortest of at most `digits` significant digits: 0.01, 512, 1.5e-05. Not finite: "–".
std::string number(double value, int digits = 4);

// 0.4789 -> "47.89"; not finite: "–".
std::string percent(double fraction);

// 75 -> "1 min 15 s", 0.2 -> "200 ms".
std::string duration(double seconds);

// "#804000"
std::string hex_color(const std::array<uint8_t, 3>& rgb);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_HTML_H
