#ifndef SSHOST_INFER_SLIDING_WINDOWS_H
#define SSHOST_INFER_SLIDING_WINDOWS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "config/pipeline.h"

namespace sshost::infer {

struct Window {
  int64_t top;
  int64_t left;
};

// The windows that cover an image, row by row: ceil((size - crop) / stride) + 1 along each axis, the last one shifted
// back inside. Along an axis that is shorter than the crop there is one window, as long as the image.
class SlidingWindows {
 public:
  SlidingWindows(int64_t height, int64_t width, const config::SlideConfig& config);

  int64_t height() const { return height_; }  // of every window
  int64_t width() const { return width_; }
  const std::vector<Window>& windows() const { return windows_; }

  // What the window's pixels contribute to a mean over all windows: 1 / the number of windows over a pixel. [h, w] of
  // the window's size.
  at::Tensor weight(const Window& window, const at::TensorOptions& options) const;

 private:
  int64_t height_;
  int64_t width_;
  std::vector<Window> windows_;
  std::vector<double> rows_;  // 1 / the number of windows over a row, and over a column
  std::vector<double> columns_;
};

}  // namespace sshost::infer

#endif  // SSHOST_INFER_SLIDING_WINDOWS_H
