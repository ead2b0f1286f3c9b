#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "infer/inference.h"

namespace sshost::infer {
namespace {

constexpr int64_t kRowsAtOnce = 64;  // that are handed on, so that what is made of them stays small

// Moves the rows from `rows` on to the top and clears those that get free, class by class: a copy of all would need as
// much memory again.
void shift_up(at::Tensor& sum, int64_t rows) {
  const int64_t kept = sum.size(2) - rows;
  for (const at::Tensor& plane : sum[0].unbind(0)) {
    if (kept > 0) plane.narrow(0, 0, kept).copy_(plane.narrow(0, rows, kept).clone());
    plane.narrow(0, kept, rows).zero_();
  }
}

// The windows with the same top as the first.
std::span<const Window> first_row_of(std::span<const Window> windows) {
  const auto end =
      std::find_if(windows.begin(), windows.end(), [&](const Window& window) { return window.top != windows[0].top; });
  return windows.first(static_cast<size_t>(end - windows.begin()));
}

}  // namespace

std::string Inference::reason_against_rows(const config::EvaluateConfig& config) {
  if (!config.slide) return "evaluate.mode: expected slide, found whole";
  if (config.scales != std::vector<double>{1}) return "evaluate.scales: expected [1], found others";
  if (config.passes != 1) return "evaluate.passes: expected 1, found " + std::to_string(config.passes);
  return {};
}

void Inference::run_rows(ImageSize size, const NextRows& next_rows, const UseRows& use) {
  if (const std::string reason = reason_against_rows(config_); !reason.empty()) throw UsageError(reason);
  const at::NoGradGuard no_grad;
  first_image_ = 0;
  const SlidingWindows grid(size.height, size.width, *config_.slide);
  const auto fetch = [&](int64_t count) { return next_rows(count).to(store_.device(), store_.dtype()); };
  at::Tensor band = fetch(grid.height());
  at::Tensor sum = at::zeros({1, segmentor_.classes(), grid.height(), size.width}, band.options());
  std::span<const Window> left = grid.windows();
  while (!left.empty()) {
    const std::span<const Window> windows = first_row_of(left);
    left = left.subspan(windows.size());
    const int64_t top = windows[0].top;
    slide(grid, windows, top, band, last_pass(), false, sum);
    if (config_.flip) slide(grid, windows, top, band.flip({3}), last_pass(), true, sum);
    const int64_t complete = (left.empty() ? size.height : left[0].top) - top;
    for (int64_t row = 0; row < complete; row += kRowsAtOnce) {
      const at::Tensor scores = sum.narrow(2, row, std::min(kRowsAtOnce, complete - row));
      use(config_.flip ? scores / 2 : scores);
    }
    if (left.empty()) return;
    shift_up(sum, complete);
    band = at::cat({band.narrow(2, complete, band.size(2) - complete), fetch(complete)}, 2);
  }
}

}  // namespace sshost::infer
