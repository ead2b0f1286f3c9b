#include "data/label_census.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/tensor.h>

#include <cstdio>
#include <numeric>

#include "base/printable.h"

namespace sshost::data {
namespace {

std::string percent(int64_t part, int64_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

// The first few.
std::string join_names(const std::vector<std::string>& names) {
  constexpr size_t kMost = 8;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMost ? text + " and " + std::to_string(names.size() - kMost) + " more" : text;
}

}  // namespace

LabelCensus::LabelCensus(int64_t classes, bool labels_are_sets)
    : are_sets_(labels_are_sets), pixels_(static_cast<size_t>(classes)) {}

LabelCensus::LabelCensus(const Inspection& seen, const DatasetInfo& info)
    : LabelCensus(static_cast<int64_t>(info.classes.size()), info.labels_are_sets) {
  images_ = seen.read - seen.unlabelled;
  for (const auto& [number, use] : seen.labels) {
    if (number == info.ignore_index) ignored_ += use.pixels;
    if (number >= 0 && static_cast<size_t>(number) < pixels_.size()) pixels_[static_cast<size_t>(number)] += use.pixels;
  }
  labelled_ = are_sets_ ? seen.pixels - ignored_ : std::accumulate(pixels_.begin(), pixels_.end(), int64_t{0});
}

void LabelCensus::add(const at::Tensor& labels) {
  const auto classes = static_cast<int64_t>(pixels_.size());
  const at::Tensor found = labels.masked_select(at::logical_and(labels.ge(0), labels.lt(label_end())));
  at::Tensor counts = at::empty({0}, at::kLong);
  if (are_sets_) {
    const at::Tensor bits = at::arange(classes, at::kLong).view({classes, 1});
    counts = found.flatten().unsqueeze(0).bitwise_right_shift(bits).bitwise_and(1).sum(1);
  } else {
    counts = at::bincount(found, {}, classes);
  }
  for (int64_t i = 0; i < classes; ++i) pixels_[static_cast<size_t>(i)] += counts[i].item<int64_t>();
  labelled_ += found.numel();
  ignored_ += labels.numel() - found.numel();
  images_ += labels.size(0);
}

int64_t LabelCensus::label_end() const {
  const auto classes = static_cast<int64_t>(pixels_.size());
  return are_sets_ ? int64_t{1} << classes : classes;
}

std::vector<size_t> LabelCensus::present() const {
  std::vector<size_t> found;
  for (size_t i = 0; i < pixels_.size(); ++i) {
    if (pixels_[i] > 0) found.push_back(i);
  }
  return found;
}

std::optional<size_t> LabelCensus::only_class() const {
  const std::vector<size_t> found = present();
  return found.size() == 1 && !are_sets_ ? std::optional(found.front()) : std::nullopt;
}

at::Tensor LabelCensus::counts() const {
  std::vector<int64_t> values = pixels_;
  values.insert(values.end(), {labelled_, ignored_, images_});
  return at::tensor(values, at::kLong);
}

void LabelCensus::set_counts(const at::Tensor& counts) {
  for (size_t i = 0; i < pixels_.size(); ++i) pixels_[i] = counts[static_cast<int64_t>(i)].item<int64_t>();
  labelled_ = counts[-3].item<int64_t>();
  ignored_ = counts[-2].item<int64_t>();
  images_ = counts[-1].item<int64_t>();
}

std::string describe(const LabelCensus& census, const std::vector<Class>& classes) {
  const std::vector<size_t> present = census.present();
  std::vector<std::string> absent;
  for (size_t i = 0, next = 0; i < classes.size(); ++i) {
    const bool occurs = next < present.size() && present[next] == i;
    occurs ? static_cast<void>(++next) : absent.push_back(printable_line(classes[i].name));
  }
  const int64_t all = census.labelled() + census.ignored();
  return std::to_string(present.size()) + " of " + std::to_string(classes.size()) + " classes, " +
         (all == 0 ? "no pixel" : percent(census.ignored(), all) + " ignored") +
         (absent.empty() || present.empty() ? "" : "; not among them: " + join_names(absent));
}

std::string warning_of(const LabelCensus& census, const std::vector<Class>& classes) {
  const std::string doctor = "`sshost data doctor` says what the labels hold";
  if (census.images() == 0) return {};
  if (census.labelled() == 0) return "no pixel of these labels is of a class, all are ignored; " + doctor;
  if (census.present().empty()) return "no pixel of these labels is of a class; " + doctor;
  const auto only = census.only_class();
  if (!only) return {};
  return "all that these labels hold is the class " + printable_line(classes[*only].name) +
         ": whoever always says it is right everywhere; " + doctor;
}

}  // namespace sshost::data
