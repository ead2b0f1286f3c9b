#include "layer/kernel/shifted_conv.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "layer/kernel/epilogue.h"
#include "layer/kernel/tap_range.h"

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

constexpr int64_t kDepth = 256;          // input channels of one product
constexpr int64_t kPixelsInBlock = 512;  // of whole rows
constexpr int64_t kMiddle = 4;           // the tap that meets the whole map

// Rows [first, last) of an image's output, channels of a panel.
struct Block {
  const float* input;  // the image
  int64_t first, last;
  int64_t panel;
};

class Work {
 public:
  Work(const Panels& panels, const at::Tensor& input, const at::Tensor& residual, const at::Tensor& output)
      : panels_(panels),
        input_(input.const_data_ptr<float>()),
        residual_(residual.defined() ? residual.const_data_ptr<float>() : nullptr),
        output_(output.mutable_data_ptr<float>()),
        images_(input.size(0)),
        height_(input.size(2)),
        width_(input.size(3)),
        rows_(std::clamp<int64_t>(kPixelsInBlock / width_, 1, height_)) {}

  void run() const {
    const int64_t row_blocks = at::divup(height_, rows_);
    at::parallel_for(0, images_ * row_blocks * panels_.count(), 1, [&](int64_t begin, int64_t end) {
      const at::Tensor products = at::empty({rows_ * width_ * kPanelWidth}, at::kFloat);
      for (int64_t task = begin; task < end; ++task) {
        const int64_t first = task / panels_.count() % row_blocks * rows_;
        const int64_t image = task / panels_.count() / row_blocks;
        const Block block{input_ + image * height_ * width_ * panels_.in, first, std::min(height_, first + rows_),
                          task % panels_.count()};
        convolve(block, products.mutable_data_ptr<float>());
        write(block, image, products.const_data_ptr<float>());
      }
      blas::brgemm_release(false);
    });
  }

 private:
  void convolve(const Block& block, float* products) const {
    for (int64_t channel = 0; channel < panels_.in; channel += kDepth) {
      add_tap(block, kMiddle, channel, products);  // the first one writes
      for (int64_t tap = 0; tap < 9; ++tap) {
        if (tap != kMiddle) add_tap(block, tap, channel, products);
      }
    }
  }

  void add_tap(const Block& block, int64_t tap, int64_t channel, float* products) const {
    const int64_t down = (tap / 3 - 1) * panels_.dilation;
    const int64_t right = (tap % 3 - 1) * panels_.dilation;
    const TapRange columns(right, width_);
    const TapRange all_rows(down, height_);
    const int64_t first = std::max(block.first, all_rows.begin);
    const int64_t last = std::min(block.last, all_rows.end);
    if (columns.size() == 0 || first >= last) return;
    const int64_t depth = std::min(kDepth, panels_.in - channel);
    const int64_t width = panels_.width(block.panel);
    const float* weight = panels_.matrix(block.panel, tap) + channel * width;
    const bool adds = tap != kMiddle || channel > 0;
    const int64_t runs = right == 0 ? 1 : last - first;  // whole rows are one
    const int64_t pixels = right == 0 ? (last - first) * width_ : columns.size();
    for (int64_t row = first; row < first + runs; ++row) {
      const float* from = block.input + ((row + down) * width_ + columns.begin + right) * panels_.in + channel;
      float* to = products + ((row - block.first) * width_ + columns.begin) * width;
      blas::brgemm(pixels, width, depth, panels_.in, width, width, adds, from, weight, to);
    }
  }

  void write(const Block& block, int64_t image, const float* products) const {
    const int64_t first = panels_.first(block.panel);
    const int64_t at = (image * height_ + block.first) * width_ * panels_.out + first;
    run_epilogue({products, panels_.bias.const_data_ptr<float>() + first,
                  residual_ == nullptr ? nullptr : residual_ + at, output_ + at, panels_.out,
                  (block.last - block.first) * width_, panels_.width(block.panel), panels_.relu});
  }

  const Panels& panels_;
  const float* input_;
  const float* residual_;
  float* output_;
  const int64_t images_, height_, width_;
  const int64_t rows_;  // of a block
};

}  // namespace

double shifted_products(int64_t dilation, int64_t height, int64_t width) {
  double rows = 0;
  double columns = 0;
  for (int64_t tap = -1; tap <= 1; ++tap) {
    rows += static_cast<double>(TapRange(tap * dilation, height).size());
    columns += static_cast<double>(TapRange(tap * dilation, width).size());
  }
  return rows / static_cast<double>(height) * (columns / static_cast<double>(width));
}

at::Tensor shifted_conv(const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                        state::Workspace& workspace) {
  const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor added = residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
  at::Tensor output =
      workspace.empty({map.size(0), panels.out, map.size(2), map.size(3)}, at::MemoryFormat::ChannelsLast);
  Work(panels, map, added, output).run();
  return output;
}

}  // namespace sshost::layer::kernel
