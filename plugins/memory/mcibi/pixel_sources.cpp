#include "pixel_sources.hpp"

#include <sshost/ops.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mcibi {
namespace {

// One axis of the resize: the two neighbours of each output place, and how far it lies towards the upper one.
struct Axis {
  ss::Tensor lower;     // int64 [out]
  ss::Tensor upper;     // int64 [out]
  ss::Tensor fraction;  // [out]
};

Axis resize_axis(int64_t in, int64_t out, const ss::Tensor& like) {
  std::vector<int64_t> lower, upper;
  std::vector<double> fraction;
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  for (int64_t i = 0; i < out; ++i) {
    const double source = std::max((static_cast<double>(i) + 0.5) * scale - 0.5, 0.0);
    const int64_t floor = std::min(static_cast<int64_t>(source), in - 1);
    const bool at_border = floor == in - 1;
    lower.push_back(floor);
    upper.push_back(at_border ? floor : floor + 1);
    fraction.push_back(at_border ? 0.0 : source - static_cast<double>(floor));
  }
  const auto index = [&](const std::vector<int64_t>& values) {
    return ss::to(ss::to_like(ss::Tensor::from(values, {out}), like), ss::Dtype::int64);
  };
  return {index(lower), index(upper), ss::to_like(ss::Tensor::from(fraction, {out}), like)};
}

}  // namespace

PixelSources pixel_sources(const ss::Tensor& labels, int64_t classes, const ss::Tensor& map) {
  const int64_t images = map.size(0), height = map.size(2), width = map.size(3);
  const ss::Size out = labels.spatial();
  const Axis y = resize_axis(height, out.height, map);
  const Axis x = resize_axis(width, out.width, map);

  const ss::Tensor flat = ss::reshape(labels, {-1});
  const ss::Tensor valid = ss::squeeze(ss::nonzero(ss::logical_and(flat >= 0, flat < classes)), 1);
  const auto of_valid = [&](const ss::Tensor& grid) {
    return ss::index_select(ss::reshape(ss::expand(grid, {images, out.height, out.width}), {-1}), 0, valid);
  };

  const ss::Tensor image = ss::reshape(ss::arange(images, map) * (height * width), {images, 1, 1});
  const std::array<ss::Tensor, 2> tops = {ss::reshape(y.lower * width, {out.height, 1}),
                                          ss::reshape(y.upper * width, {out.height, 1})};
  const std::array<ss::Tensor, 2> lefts = {x.lower, x.upper};
  const ss::Tensor down = ss::reshape(y.fraction, {out.height, 1});
  const std::array<ss::Tensor, 2> vertical = {1.0 - down, down};
  const std::array<ss::Tensor, 2> horizontal = {1.0 - x.fraction, x.fraction};

  PixelSources sources;
  sources.classes = ss::index_select(flat, 0, valid);
  for (std::size_t corner = 0; corner < 4; ++corner) {
    sources.rows[corner] = of_valid(image + tops[corner / 2] + lefts[corner % 2]);
    sources.weights[corner] = of_valid(vertical[corner / 2] * horizontal[corner % 2]);
  }
  return sources;
}

}  // namespace mcibi
