// Where each labelled pixel finds its value in a feature map of lower resolution.
//
// Note [Statistics without resized features]
// The method takes, for every class, sums over the pixels of that class of features resized bilinearly to the labels'
// size. At [16, 512, 512, 512] those are 8.6 GB. But the resize is linear: the feature of pixel p is
// f_p = sum_q u_pq r_q over its (at most four) neighbours q in the small map r. So
//   <f_p, m>      = sum_q u_pq <r_q, m>                   products with m at the small size, then a resize of scalars,
//   |f_p|^2       = sum_qq' u_pq u_pq' <r_q, r_q'>        inner products of neighbours only,
//   sum_p a_p f_p = sum_q r_q (sum_p a_p u_pq)            scalars are scattered to the small map, then one product.
// This is exact, and the cost per channel is that of the small map.
#ifndef SSHOST_MCIBI_PIXEL_SOURCES_HPP
#define SSHOST_MCIBI_PIXEL_SOURCES_HPP

#include <sshost/tensor.hpp>

#include <array>
#include <cstdint>

namespace mcibi {

// The neighbours in the order top left, top right, bottom left, bottom right. P pixels have a label in [0, classes).
// At a border, where a neighbour would lie outside, its weight is 0 and its row is the one inside.
struct PixelSources {
  std::array<ss::Tensor, 4> rows;     // int64 [P], into the map as [N * h * w, C]
  std::array<ss::Tensor, 4> weights;  // [P], in the map's dtype; their sum is 1
  ss::Tensor classes;                 // int64 [P]
};

// labels: int64 [N, H, W]; map: [N, C, h, w]. The resize is bilinear with align_corners = false.
PixelSources pixel_sources(const ss::Tensor& labels, int64_t classes, const ss::Tensor& map);

}  // namespace mcibi

#endif
