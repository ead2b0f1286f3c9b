#include "layer/kernel/choose.h"

#include <ATen/native/CPUBlas.h>

#include "layer/kernel/panels.h"
#include "layer/kernel/pointwise_conv.h"
#include "layer/kernel/shifted_conv.h"
#include "layer/kernel/vendor_conv.h"
#include "layer/kernel/winograd_conv.h"
#include "layer/kernel/winograd_transform.h"

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

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

// What a product takes in oneDNN's bfloat16, by one in its float32. AMX is not used well for large dilations.
double bfloat16_product(int64_t dilation) {
  if (!has_bfloat16_unit()) return 0;
  if (!blas::could_pack(at::kBFloat16)) return 0.5;
  return dilation > 4 ? 3 : 0.15;
}

struct Estimate {
  ConvChoice choice;
  double cost = 0;  // of a 3x3 convolution for which there is a choice
};

Estimate estimate(const ConvShape& shape, int64_t height, int64_t width) {
  const int64_t in = shape.in_channels;
  const int64_t out = shape.out_channels;
  if (!has_micro_kernel() || in < kFewestChannels || out < kFewestChannels) return {};
  if (fits_pointwise(shape)) return {{ConvAlgorithm::kPointwise, 0}};
  if (!shape.is_same_3x3()) return {};
  const Sizes sizes{static_cast<double>(in), static_cast<double>(out), static_cast<double>(height * width), height,
                    width};
  const int64_t dilation = shape.dilation[0];
  Estimate best{{}, vendor_cost(sizes)};
  const auto offer = [&](ConvChoice choice, double cost) {
    if (cost < best.cost) best = {choice, cost};
  };
  if (dilation > 1) offer({ConvAlgorithm::kShifted, 0}, shifted_cost(sizes, dilation));
  if (!fits_winograd(shape)) return best;
  for (const int m : kWinogradSizes) offer({ConvAlgorithm::kWinograd, m}, winograd_cost(sizes, dilation, m));
  return best;
}

}  // namespace

ConvChoice choose_conv(const ConvShape& shape, int64_t height, int64_t width) {
  return estimate(shape, height, width).choice;
}

bool pays_in_bfloat16(const ConvShape& shape, int64_t height, int64_t width) {
  if (!has_bfloat16_conv()) return false;
  const double in_float32 = estimate(shape, height, width).cost;
  if (in_float32 == 0) return true;
  const Sizes sizes{static_cast<double>(shape.in_channels), static_cast<double>(shape.out_channels),
                    static_cast<double>(height * width), height, width};
  const int64_t dilation = shape.dilation[0];  // of which oneDNN skips what falls into padding
  return bfloat16_product(dilation) * kVendorProduct * shifted_cost(sizes, dilation) < in_float32;
}

}  // namespace sshost::layer::kernel
