#include "layer/kernel/choose.h"

#include "layer/kernel/panels.h"
#include "layer/kernel/pointwise_conv.h"
#include "layer/kernel/shifted_conv.h"
#include "layer/kernel/winograd_conv.h"
#include "layer/kernel/winograd_transform.h"

namespace sshost::layer::kernel {
namespace {

// What a product takes in oneDNN's convolution, and what a transformed number takes, by products of the micro-kernel.
constexpr double kVendorProduct = 1.15;
constexpr double kTransformedNumber = 60;

// Channels below which the products are too shallow for transforming to pay.
constexpr int64_t kFewestChannels = 32;

struct Sizes {
  double in, out, pixels;
  int64_t height, width;
};

double vendor_cost(const Sizes& sizes) { return kVendorProduct * 9 * sizes.pixels * sizes.in * sizes.out; }

double shifted_cost(const Sizes& sizes, int64_t dilation) {
  return shifted_products(dilation, sizes.height, sizes.width) * sizes.pixels * sizes.in * sizes.out;
}

double winograd_cost(const Sizes& sizes, int64_t dilation, int m) {
  const double points = (m + 2) * (m + 2);
  const auto tiles = static_cast<double>(winograd_tiles(m, dilation, sizes.height, sizes.width));
  const double transformed = tiles * sizes.in + tiles * sizes.out + sizes.in * sizes.out;
  return points * (tiles * sizes.in * sizes.out + kTransformedNumber * transformed);
}

}  // namespace

ConvChoice choose_conv(const ConvShape& shape, int64_t height, int64_t width) {
  const int64_t in = shape.in_channels;
  const int64_t out = shape.out_channels;
  if (!has_micro_kernel() || in < kFewestChannels || out < kFewestChannels) return {};
  if (fits_pointwise(shape)) return {ConvAlgorithm::kPointwise, 0};
  if (!shape.is_same_3x3()) return {};
  const Sizes sizes{static_cast<double>(in), static_cast<double>(out), static_cast<double>(height * width), height,
                    width};
  const int64_t dilation = shape.dilation[0];
  ConvChoice best;
  double least = vendor_cost(sizes);
  const auto offer = [&](ConvChoice choice, double cost) {
    if (cost >= least) return;
    least = cost;
    best = choice;
  };
  if (dilation > 1) offer({ConvAlgorithm::kShifted, 0}, shifted_cost(sizes, dilation));
  if (!fits_winograd(shape)) return best;
  for (const int m : kWinogradSizes) offer({ConvAlgorithm::kWinograd, m}, winograd_cost(sizes, dilation, m));
  return best;
}

}  // namespace sshost::layer::kernel
