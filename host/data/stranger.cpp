#include "data/stranger.h"

namespace sshost::data {
namespace {

std::string text_of(int32_t value, int row, int column, const DatasetInfo& info) {
  return std::to_string(value) + " at row " + std::to_string(row) + ", column " + std::to_string(column) +
         " is neither a class (0.." + std::to_string(info.label_end() - 1) + ") nor the ignored label (" +
         std::to_string(info.ignore_index) + ")";
}

}  // namespace

std::optional<std::string> find_stranger(const cv::Mat& label, const DatasetInfo& info) {
  const int64_t end = info.label_end();
  for (int row = 0; row < label.rows; ++row) {
    const auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int64_t value = values[column];
      if ((value < 0 || value >= end) && value != info.ignore_index) return text_of(values[column], row, column, info);
    }
  }
  return std::nullopt;
}

}  // namespace sshost::data
