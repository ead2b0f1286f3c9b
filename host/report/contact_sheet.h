#ifndef SSHOST_REPORT_CONTACT_SHEET_H
#define SSHOST_REPORT_CONTACT_SHEET_H

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "report/picture.h"

namespace sshost::report {

// One picture of a contact sheet.
struct SheetEntry {
  cv::Mat image;  // CV_8UC3 RGB
  cv::Mat label;  // CV_32S of the same size; empty: there is none
  std::string caption;
};

// The entries in rows, CV_8UC3 RGB: each image, beside it the image under its label's colours, the caption below.
// `width` is that of one image; `pairs_per_row` is at least 1. What is no class is drawn in black, what is clear is the
// image alone. Where the classes' `names` are given, a legend of those that occur stands below; what a font for ASCII
// cannot draw becomes "?" there.
cv::Mat contact_sheet(const std::vector<SheetEntry>& entries, const Palette& palette, int width, int pairs_per_row,
                      const std::vector<std::string>& names = {});

}  // namespace sshost::report

#endif  // SSHOST_REPORT_CONTACT_SHEET_H
