#ifndef SSHOST_REPORT_MATRIX_H
#define SSHOST_REPORT_MATRIX_H

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace sshost::report {

// A strip of colours with what they stand for.
struct ColorScale {
  struct Stop {
    double at;  // in [0, 1] of the strip
    cv::Vec4b rgba;
    std::string label;  // empty: none
  };
  std::string caption;
  std::vector<Stop> stops;  // the first at 0, the last at 1
};

// Things beside things, a coloured cell for each pair, such as a confusion matrix.
struct Matrix {
  std::string title;
  std::vector<std::string> names;   // of the rows as of the columns
  std::string row_axis;             // what the rows are: "true class"
  std::string column_axis;          // what the columns are
  cv::Mat colors;                   // CV_8UC4 RGBA [n, n]; the page shows through
  std::vector<std::string> values;  // n x n, row by row, as few characters as can be: small matrices show them
  std::vector<ColorScale> scales;
};

// A <figure> that is read without a script: an SVG with the names along both sides, the values in the cells where there
// are few, and the scales below. A large one scrolls within the page; the page's script tells the pair under the
// pointer and its value.
std::string to_html(const Matrix& matrix);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_MATRIX_H
