// The three transforms of Winograd's convolution F(m x m, 3 x 3), n = m + 2, for vectors of channels. Vectorised by
// Google Highway for the best unit that the machine has.
#ifndef SSHOST_LAYER_KERNEL_WINOGRAD_TRANSFORM_H
#define SSHOST_LAYER_KERNEL_WINOGRAD_TRANSFORM_H

#include <cstdint>

namespace sshost::layer::kernel {

// m is one of these.
inline constexpr int kWinogradSizes[] = {2, 3, 4, 6};
inline constexpr int kMostWinogradPoints = 8 * 8;

// Row `row` of the points of `count` filters: weight[tap * tap_step + i] -> out[column * count + i], 9 taps, n columns.
void transform_filters(int m, int row, const float* weight, int64_t tap_step, int64_t count, float* out);

// One tile: points[n * row + column] is the vector of `count` channels there, null outside the map, where it is zero.
// -> out[point * point_step + i].
void transform_input(int m, const float* const* points, int64_t count, float* out, int64_t point_step);

// One tile: products[point * point_step + i] -> pixels[m * row + column], vectors of `count` channels, null where they
// are not wanted: act(output + bias + residual). `residuals` has a vector for each pixel, or is null.
struct OutputTile {
  float* const* pixels;
  const float* const* residuals;
  const float* bias;
  bool relu;
};
void transform_output(int m, const float* products, int64_t point_step, int64_t count, const OutputTile& tile);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_WINOGRAD_TRANSFORM_H
