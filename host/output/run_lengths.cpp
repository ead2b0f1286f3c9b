#include "output/run_lengths.h"

#include <ATen/core/Tensor.h>

namespace sshost::output {
namespace {

constexpr int kBits = 5;              // of a group
constexpr int64_t kSignBit = 1 << 4;  // the highest of a group
constexpr int64_t kMoreFollow = 1 << 5;

// The run lengths of one mask while they are found: `end` is where the last run of 1 ended.
struct Runs {
  std::vector<int64_t> lengths;
  int64_t end = 0;

  void add(int64_t from, int64_t to) {
    lengths.push_back(from - end);
    lengths.push_back(to - from);
    end = to;
  }
};

void append(std::string& text, int64_t value) {
  for (bool more = true; more;) {
    int64_t group = value & (kMoreFollow - 1);
    value >>= kBits;  // keeps the sign
    more = (group & kSignBit) != 0 ? value != -1 : value != 0;
    if (more) group |= kMoreFollow;
    text += static_cast<char>('0' + group);
  }
}

}  // namespace

std::map<int64_t, std::vector<int64_t>> class_run_lengths(const at::Tensor& classes) {
  const at::Tensor columns = classes.to(at::kCPU, at::kLong).t().contiguous();
  const auto* value = columns.const_data_ptr<int64_t>();
  const int64_t pixels = columns.numel();
  std::map<int64_t, Runs> runs;
  for (int64_t from = 0, to = 0; from < pixels; from = to) {
    while (to < pixels && value[to] == value[from]) ++to;
    runs[value[from]].add(from, to);
  }
  std::map<int64_t, std::vector<int64_t>> lengths;
  for (auto& [label, of_class] : runs) {
    if (of_class.end < pixels) of_class.lengths.push_back(pixels - of_class.end);
    lengths[label] = std::move(of_class.lengths);
  }
  return lengths;
}

std::string compressed(const std::vector<int64_t>& run_lengths) {
  std::string text;
  for (size_t i = 0; i < run_lengths.size(); ++i) append(text, run_lengths[i] - (i > 2 ? run_lengths[i - 2] : 0));
  return text;
}

}  // namespace sshost::output
