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

constexpr int64_t kTilesInBlock = 32;
constexpr int64_t kWeightsInBlock = 3 << 20;  // floats, transformed: a part of the last level of cache
constexpr int64_t kFewestChannels = 64;       // of a block: products of less depth are slow

int64_t divided_up(int64_t value, int64_t by) { return (value + by - 1) / by; }

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
  Work(int m, const Taps& taps, const at::Tensor& input, const at::Tensor& residual, const at::Tensor& output)
      : m_(m),
        points_((m + 2) * (m + 2)),
        taps_(taps),
        input_(pixels_of(input)),
        output_(pixels_of(output)),
        residual_(residual.defined() ? pixels_of(residual) : Pixels{}),
        tiles_(tiles_of(m, taps.dilation, input)),
        blocks_(divided_up(static_cast<int64_t>(tiles_.size()), kTilesInBlock)),
        channels_(channels_in_block()),
        weights_(at::empty({points_ * channels_ * taps.out()}, at::kFloat)),
        products_(at::empty({blocks_, points_ * kTilesInBlock * taps.out()}, at::kFloat)) {}

  void run() {
    for (int64_t first = 0; first < taps_.in(); first += channels_) {
      const int64_t count = std::min(channels_, taps_.in() - first);
      transform_weights(first, count);
      at::parallel_for(0, blocks_, 1, [&](int64_t begin, int64_t end) {
        const at::Tensor values = at::empty({points_ * kTilesInBlock * channels_}, at::kFloat);
        for (int64_t block = begin; block < end; ++block) {
          multiply(block, first, count, values.mutable_data_ptr<float>());
          if (first + count == taps_.in()) write(block);
        }
        blas::brgemm_release(false);
      });
    }
  }

 private:
  int64_t channels_in_block() const {
    const int64_t most = kWeightsInBlock / (points_ * taps_.out()) / 16 * 16;
    return std::min(taps_.in(), std::max(kFewestChannels, most));
  }

  int64_t tiles_in(int64_t block) const {
    return std::min(kTilesInBlock, static_cast<int64_t>(tiles_.size()) - block * kTilesInBlock);
  }

  float* products(int64_t block) { return products_.mutable_data_ptr<float>() + block * products_.size(1); }

  // -> weights_[point][channel - first][out]
  void transform_weights(int64_t first, int64_t count) {
    const int64_t out = taps_.out();
    const float* weight = taps_.weight.const_data_ptr<float>() + first * out;
    float* transformed = weights_.mutable_data_ptr<float>();
    at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        transform_filters(m_, weight + i * out, taps_.in() * out, out, transformed + i * out, count * out);
      }
    });
  }

  // products[point][tile][out] (+)= values[point][tile][channel] . weights_[point][channel][out]
  void multiply(int64_t block, int64_t first, int64_t count, float* values) {
    const int64_t tiles = tiles_in(block);
    for (int64_t i = 0; i < tiles; ++i) {
      read(tiles_[static_cast<size_t>(block * kTilesInBlock + i)], first, count, values + i * count, tiles * count);
    }
    const int64_t out = taps_.out();
    for (int64_t point = 0; point < points_; ++point) {
      blas::brgemm(tiles, out, count, count, out, out, /*add_C=*/first > 0, values + point * tiles * count,
                   weights_.const_data_ptr<float>() + point * count * out, products(block) + point * tiles * out);
    }
  }

  void read(const Tile& tile, int64_t first, int64_t count, float* values, int64_t point_step) const {
    std::array<const float*, kMostWinogradPoints> pixels{};
    const int n = m_ + 2;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        const float* pixel =
            input_.find(tile.image, tile.row + (i - 1) * taps_.dilation, tile.column + (j - 1) * taps_.dilation);
        pixels[static_cast<size_t>(n * i + j)] = pixel == nullptr ? nullptr : pixel + first;
      }
    }
    transform_input(m_, pixels.data(), count, values, point_step);
  }

  void write(int64_t block) {
    const int64_t tiles = tiles_in(block);
    const int64_t out = taps_.out();
    for (int64_t i = 0; i < tiles; ++i) {
      const Tile& tile = tiles_[static_cast<size_t>(block * kTilesInBlock + i)];
      std::array<float*, kMostWinogradPoints> pixels{};
      std::array<const float*, kMostWinogradPoints> residuals{};
      for (int row = 0; row < m_; ++row) {
        for (int column = 0; column < m_; ++column) {
          const auto at = static_cast<size_t>(m_ * row + column);
          const int64_t y = tile.row + row * taps_.dilation;
          const int64_t x = tile.column + column * taps_.dilation;
          pixels[at] = output_.find(tile.image, y, x);
          if (residual_.data != nullptr) residuals[at] = residual_.find(tile.image, y, x);
        }
      }
      const OutputTile target{pixels.data(), residual_.data == nullptr ? nullptr : residuals.data(),
                              taps_.bias.const_data_ptr<float>(), taps_.relu};
      transform_output(m_, products(block) + i * out, tiles * out, out, target);
    }
  }

  const int m_;
  const int64_t points_;
  const Taps& taps_;
  const Pixels input_, output_, residual_;
  const std::vector<Tile> tiles_;
  const int64_t blocks_;
  const int64_t channels_;  // of the input in a block
  at::Tensor weights_;
  at::Tensor products_;
};

}  // namespace

bool fits_winograd(const Taps& taps) { return taps.in() % 16 == 0 && taps.out() % 16 == 0 && has_micro_kernel(); }

int64_t winograd_tiles(int m, int64_t dilation, int64_t height, int64_t width) {
  return static_cast<int64_t>(tile_starts(m, dilation, height).size() * tile_starts(m, dilation, width).size());
}

at::Tensor winograd_conv(int m, const Taps& taps, const at::Tensor& input, const at::Tensor& residual) {
  const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor added = residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
  at::Tensor output =
      at::empty({map.size(0), taps.out(), map.size(2), map.size(3)}, map.options(), at::MemoryFormat::ChannelsLast);
  Work(m, taps, map, added, output).run();
  return output;
}

}  // namespace sshost::layer::kernel
