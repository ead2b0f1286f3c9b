#include "layer/kernel/pointwise_conv.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>

#include <algorithm>
#include <array>

#include "layer/kernel/epilogue.h"

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

constexpr int64_t kDepth = 256;                  // input channels of one product
constexpr int64_t kMostPixels = 128;             // of a block
constexpr int64_t kNumbersInBlock = 128 * 1024;  // of the input: half of a second-level cache

// Output pixels [first, first + count) of a row of the output; with stride 1 all rows of all images are one.
struct Run {
  const float* input;
  int64_t input_step;
  float* output;
  const float* residual;
  int64_t count;
};

class Work {
 public:
  Work(const Panels& panels, const at::Tensor& input, const at::Tensor& residual, const at::Tensor& output)
      : panels_(panels),
        input_(input.const_data_ptr<float>()),
        residual_(residual.defined() ? residual.const_data_ptr<float>() : nullptr),
        output_(output.mutable_data_ptr<float>()),
        in_height_(input.size(2)),
        in_width_(input.size(3)),
        height_(output.size(2)),
        rows_(panels.stride == 1 ? 1 : output.size(0) * output.size(2)),
        width_(output.numel() / panels.out / rows_),
        block_(std::clamp<int64_t>(kNumbersInBlock / panels.in / 16 * 16, 16, kMostPixels)) {}

  void run() const {
    const int64_t blocks = at::divup(width_, block_);
    at::parallel_for(0, rows_ * blocks, 1, [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; ++task) multiply(run_of(task / blocks, task % blocks * block_));
      blas::brgemm_release(false);
    });
  }

 private:
  Run run_of(int64_t row, int64_t first) const {
    const int64_t image = row / height_;
    const int64_t in_row = image * in_height_ + row % height_ * panels_.stride;
    const int64_t at = (row * width_ + first) * panels_.out;
    return {input_ + (in_row * in_width_ + first * panels_.stride) * panels_.in, panels_.stride * panels_.in,
            output_ + at, residual_ == nullptr ? nullptr : residual_ + at, std::min(block_, width_ - first)};
  }

  void multiply(const Run& run) const {
    std::array<float, kMostPixels * kPanelWidth>
        products;  // NOLINT(cppcoreguidelines-pro-type-member-init): written first
    for (int64_t panel = 0; panel < panels_.count(); ++panel) {
      const int64_t width = panels_.width(panel);
      const float* weight = panels_.matrix(panel, 0);
      for (int64_t channel = 0; channel < panels_.in; channel += kDepth) {
        blas::brgemm(run.count, width, std::min(kDepth, panels_.in - channel), run.input_step, width, width,
                     /*add_C=*/channel > 0, run.input + channel, weight + channel * width, products.data());
      }
      const int64_t first = panels_.first(panel);
      run_epilogue({products.data(), panels_.bias.const_data_ptr<float>() + first,
                    run.residual == nullptr ? nullptr : run.residual + first, run.output + first, panels_.out,
                    run.count, width, panels_.relu});
    }
  }

  const Panels& panels_;
  const float* input_;
  const float* residual_;
  float* output_;
  const int64_t in_height_, in_width_, height_;
  const int64_t rows_, width_;  // of the output, as runs
  const int64_t block_;         // pixels
};

}  // namespace

bool fits_pointwise(const ConvShape& shape) {
  return shape.groups == 1 && shape.kernel == std::array<int64_t, 2>{1, 1} && shape.stride[0] == shape.stride[1] &&
         shape.padding == std::array<int64_t, 2>{0, 0} && has_micro_kernel();
}

at::Tensor pointwise_conv(const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                          state::Workspace& workspace) {
  const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor added = residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
  const auto strided = [&](int64_t length) { return (length - 1) / panels.stride + 1; };
  at::Tensor output = workspace.empty({map.size(0), panels.out, strided(map.size(2)), strided(map.size(3))},
                                      at::MemoryFormat::ChannelsLast);
  Work(panels, map, added, output).run();
  return output;
}

}  // namespace sshost::layer::kernel
