// Sums over labelled pixels of features that are smaller than the labels, as if resized to the labels' size.
//
// Note [Statistics without resized features]
// A memory takes, for every class, sums over the pixels of that class of features resized bilinearly to the labels'
// size. At [16, 512, 512, 512] those are 8.6 GB. But the resize is linear: the feature of pixel p is
// f_p = sum_q u_pq r_q over its (at most four) neighbours q in the small map r. So
//   <f_p, m>      = sum_q u_pq <r_q, m>                   products with m at the small size, then a resize of scalars,
//   |f_p|^2       = sum_qq' u_pq u_pq' <r_q, r_q'>        inner products of neighbours only,
//   sum_p a_p f_p = sum_q r_q (sum_p a_p u_pq)            scalars are scattered to the small map, then one product.
// This is exact, and the cost per channel is that of the small map.
#ifndef SSHOST_PIXEL_SOURCES_HPP
#define SSHOST_PIXEL_SOURCES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ops/arithmetic.hpp"
#include "ops/create.hpp"
#include "ops/index.hpp"
#include "ops/linalg.hpp"
#include "ops/shape.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// Where each labelled pixel finds its value in a map of lower resolution: its neighbours in the order top left, top
// right, bottom left, bottom right. P pixels have a label in [0, classes). At a border, where a neighbour would lie
// outside, its weight is 0 and its row is the one inside.
struct PixelSources {
  std::array<Tensor, 4> rows;     // int64 [P], into the map as [N * h * w, C]
  std::array<Tensor, 4> weights;  // [P], in the map's dtype; their sum is 1
  Tensor classes;                 // int64 [P]
};

namespace detail {

// One axis of the resize: the two neighbours of each output place, and how far it lies towards the upper one.
struct ResizeAxis {
  Tensor lower;     // int64 [out]
  Tensor upper;     // int64 [out]
  Tensor fraction;  // [out]
};

inline ResizeAxis resize_axis(int64_t in, int64_t out, const Tensor& like) {
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
    return to(to_like(Tensor::from(values, {out}), like), Dtype::int64);
  };
  return {index(lower), index(upper), to_like(Tensor::from(fraction, {out}), like)};
}

}  // namespace detail

// labels: int64 [N, H, W]; map: [N, C, h, w]. The resize is bilinear with align_corners = false.
inline PixelSources pixel_sources(const Tensor& labels, int64_t classes, const Tensor& map) {
  const int64_t images = map.size(0), height = map.size(2), width = map.size(3);
  const Size out = labels.spatial();
  const detail::ResizeAxis y = detail::resize_axis(height, out.height, map);
  const detail::ResizeAxis x = detail::resize_axis(width, out.width, map);

  const Tensor flat = reshape(labels, {-1});
  const Tensor valid = squeeze(nonzero(logical_and(flat >= 0, flat < classes)), 1);
  const auto of_valid = [&](const Tensor& grid) {
    return index_select(reshape(expand(grid, {images, out.height, out.width}), {-1}), 0, valid);
  };

  const Tensor image = reshape(arange(images, map) * (height * width), {images, 1, 1});
  const std::array<Tensor, 2> tops = {reshape(y.lower * width, {out.height, 1}),
                                      reshape(y.upper * width, {out.height, 1})};
  const std::array<Tensor, 2> lefts = {x.lower, x.upper};
  const Tensor down = reshape(y.fraction, {out.height, 1});
  const std::array<Tensor, 2> vertical = {1.0 - down, down};
  const std::array<Tensor, 2> horizontal = {1.0 - x.fraction, x.fraction};

  PixelSources sources;
  sources.classes = index_select(flat, 0, valid);
  for (std::size_t corner = 0; corner < 4; ++corner) {
    sources.rows[corner] = of_valid(image + tops[corner / 2] + lefts[corner % 2]);
    sources.weights[corner] = of_valid(vertical[corner / 2] * horizontal[corner % 2]);
  }
  return sources;
}

// sum_p a_p f_p over the pixels of each group: [groups, C]. `rows` is the map as [N * h * w, C], `group` int64 [P],
// `amount` [P].
inline Tensor grouped_feature_sum(const Tensor& rows, const PixelSources& from, const Tensor& group, int64_t groups,
                                  const Tensor& amount) {
  const int64_t positions = rows.size(0);
  std::vector<Tensor> places, amounts;
  for (std::size_t corner = 0; corner < 4; ++corner) {
    places.push_back(group * positions + from.rows[corner]);
    amounts.push_back(amount * from.weights[corner]);
  }
  const Tensor scattered = index_add(zeros({groups * positions}, rows), 0, cat(places, 0), cat(amounts, 0));
  return matmul(reshape(scattered, {groups, positions}), rows);
}

// sum_p a_p over the pixels of each group: [groups].
inline Tensor grouped_sum(const Tensor& amount, const Tensor& group, int64_t groups) {
  return index_add(zeros({groups}, amount), 0, group, amount);
}

}  // namespace v1
}  // namespace ss

#endif
