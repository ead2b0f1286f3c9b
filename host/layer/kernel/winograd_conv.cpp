#include "layer/kernel/winograd_conv.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <vector>

#include "layer/kernel/winograd_transform.h"

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

constexpr int64_t kMostTiles = 256;   // of a block
constexpr int64_t kDepth = 256;       // input channels of a part
constexpr int64_t kFewestTiles = 32;  // of one product

// The top left output pixel of a tile; its pixels are `dilation` apart.
struct Tile {
  int64_t image;
  int64_t row;
  int64_t column;
};

// First rows (or columns) of the tiles along an axis.
std::vector<int64_t> tile_starts(int m, int64_t dilation, int64_t length) {
  std::vector<int64_t> starts;
  for (int64_t first = 0; first < std::min(dilation, length); ++first) {
    for (int64_t start = first; start < length; start += m * dilation) starts.push_back(start);
  }
  return starts;
}

std::vector<Tile> tiles_of(int m, int64_t dilation, const at::Tensor& map) {
  const std::vector<int64_t> rows = tile_starts(m, dilation, map.size(2));
  const std::vector<int64_t> columns = tile_starts(m, dilation, map.size(3));
  std::vector<Tile> tiles;
  for (int64_t image = 0; image < map.size(0); ++image) {
    for (const int64_t row : rows) {
      for (const int64_t column : columns) tiles.push_back({image, row, column});
    }
  }
  return tiles;
}

// A map [N, C, H, W], channels last, by pixels.
struct Pixels {
  float* data;
  int64_t height, width, channels;

  float* find(int64_t image, int64_t row, int64_t column) const {
    if (row < 0 || row >= height || column < 0 || column >= width) return nullptr;
    return data + ((image * height + row) * width + column) * channels;
  }
};

Pixels pixels_of(const at::Tensor& map) {
  return {const_cast<float*>(map.const_data_ptr<float>()), map.size(2), map.size(3), map.size(1)};
}

class Work {
 public:
  Work(int m, const Panels& panels, const at::Tensor& input, const at::Tensor& residual, const at::Tensor& output,
       state::Workspace& workspace)
      : m_(m),
        points_((m + 2) * (m + 2)),
        panels_(panels),
        input_(pixels_of(input)),
        output_(pixels_of(output)),
        residual_(residual.defined() ? pixels_of(residual) : Pixels{}),
        tiles_(tiles_of(m, panels.dilation, input)),
        block_(at::divup(count(), at::divup(count(), kMostTiles))),
        depth_(std::min(kDepth, panels.in)),
        parts_(parts_of_block()),
        values_(workspace.empty({points_ * block_ * depth_})),
        products_(workspace.empty({points_ * block_ * panels.out})) {}

  void run() {
    for (first_ = 0; first_ < count(); first_ += block_) {
      in_block_ = std::min(block_, count() - first_);
      for (int64_t channel = 0; channel < panels_.in; channel += depth_) {
        const int64_t depth = std::min(depth_, panels_.in - channel);
        read(channel, depth);
        multiply(channel, depth);
      }
    }
  }

 private:
  int64_t count() const { return static_cast<int64_t>(tiles_.size()); }

  // A block's products are shared out by panels, and where these are few for the threads, by tiles too.
  int64_t parts_of_block() const {
    const int64_t threads = at::get_num_threads();
    if (panels_.count() % threads == 0 || panels_.count() >= 4 * threads) return 1;
    return std::clamp<int64_t>(at::divup(2 * threads, panels_.count()), 1, at::divup(block_, kFewestTiles));
  }

  const Tile& tile(int64_t of_block) const { return tiles_[static_cast<size_t>(first_ + of_block)]; }

  // -> values_[point][tile][channel]
  void read(int64_t channel, int64_t depth) {
    float* values = values_.mutable_data_ptr<float>();
    at::parallel_for(0, in_block_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) read(tile(i), channel, depth, values + i * depth, in_block_ * depth);
    });
  }

  void read(const Tile& tile, int64_t channel, int64_t depth, float* values, int64_t point_step) const {
    std::array<const float*, kMostWinogradPoints> pixels{};
    const int n = m_ + 2;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        const float* pixel =
            input_.find(tile.image, tile.row + (i - 1) * panels_.dilation, tile.column + (j - 1) * panels_.dilation);
        pixels[static_cast<size_t>(n * i + j)] = pixel == nullptr ? nullptr : pixel + channel;
      }
    }
    transform_input(m_, pixels.data(), depth, values, point_step);
  }

  void multiply(int64_t channel, int64_t depth) {
    const int64_t tiles = at::divup(in_block_, parts_);  // of a part
    at::parallel_for(0, panels_.count() * parts_, 1, [&](int64_t begin, int64_t end) {
      const at::Tensor filters = at::empty({(m_ + 2) * depth * kPanelWidth}, at::kFloat);
      for (int64_t task = begin; task < end; ++task) {
        const int64_t from = task % parts_ * tiles;
        const int64_t to = std::min(in_block_, from + tiles);
        if (from >= to) continue;
        multiply(task / parts_, from, to, channel, depth, filters.mutable_data_ptr<float>());
        if (channel + depth == panels_.in) write(task / parts_, from, to);
      }
      blas::brgemm_release(false);
    });
  }

  // Of a panel, [point][tile][channel of the panel].
  float* products(int64_t panel) {
    return products_.mutable_data_ptr<float>() + points_ * in_block_ * panels_.first(panel);
  }

  // products[point][tile] (+)= values[point][tile][channel] . filters[point][channel] for the tiles [from, to)
  void multiply(int64_t panel, int64_t from, int64_t to, int64_t channel, int64_t depth, float* filters) {
    const int64_t width = panels_.width(panel);
    const int64_t n = m_ + 2;
    for (int64_t row = 0; row < n; ++row) {
      transform_filters(m_, static_cast<int>(row), panels_.matrix(panel, 0) + channel * width, panels_.in * width,
                        depth * width, filters);
      for (int64_t column = 0; column < n; ++column) {
        const int64_t at = (row * n + column) * in_block_ + from;
        blas::brgemm(to - from, width, depth, depth, width, width, /*add_C=*/channel > 0,
                     values_.const_data_ptr<float>() + at * depth, filters + column * depth * width,
                     products(panel) + at * width);
      }
    }
  }

  void write(int64_t panel, int64_t from, int64_t to) {
    const int64_t width = panels_.width(panel);
    const int64_t first = panels_.first(panel);
    for (int64_t i = from; i < to; ++i) {
      std::array<float*, kMostWinogradPoints> pixels{};
      std::array<const float*, kMostWinogradPoints> residuals{};
      for (int row = 0; row < m_; ++row) {
        for (int column = 0; column < m_; ++column) {
          const auto at = static_cast<size_t>(m_ * row + column);
          const int64_t y = tile(i).row + row * panels_.dilation;
          const int64_t x = tile(i).column + column * panels_.dilation;
          float* pixel = output_.find(tile(i).image, y, x);
          if (pixel == nullptr) continue;
          pixels[at] = pixel + first;
          if (residual_.data != nullptr) residuals[at] = residual_.find(tile(i).image, y, x) + first;
        }
      }
      const OutputTile target{pixels.data(), residual_.data == nullptr ? nullptr : residuals.data(),
                              panels_.bias.const_data_ptr<float>() + first, panels_.relu};
      transform_output(m_, products(panel) + i * width, in_block_ * width, width, target);
    }
  }

  const int m_;
  const int64_t points_;
  const Panels& panels_;
  const Pixels input_, output_, residual_;
  const std::vector<Tile> tiles_;
  const int64_t block_;  // tiles
  const int64_t depth_;
  const int64_t parts_;
  at::Tensor values_;
  at::Tensor products_;
  int64_t first_ = 0;     // tile of the block
  int64_t in_block_ = 0;  // its tiles
};

}  // namespace

bool fits_winograd(const ConvShape& shape) { return shape.in_channels % 16 == 0 && shape.out_channels % 16 == 0; }

int64_t winograd_tiles(int m, int64_t dilation, int64_t height, int64_t width) {
  return static_cast<int64_t>(tile_starts(m, dilation, height).size() * tile_starts(m, dilation, width).size());
}

at::Tensor winograd_conv(int m, const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                         state::Workspace& workspace) {
  const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor added = residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
  at::Tensor output =
      workspace.empty({map.size(0), panels.out, map.size(2), map.size(3)}, at::MemoryFormat::ChannelsLast);
  Work(m, panels, map, added, output, workspace).run();
  return output;
}

}  // namespace sshost::layer::kernel
