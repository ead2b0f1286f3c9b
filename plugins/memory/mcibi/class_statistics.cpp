#include "class_statistics.hpp"

#include <sshost/ops.hpp>
#include <sshost/pixel_sources.hpp>

namespace mcibi {
namespace {

constexpr double kLeastNorm = 1e-8;         // of a cosine similarity
constexpr double kLeastAssignNorm = 1e-12;  // of the normalisation before the assignment

// Inner products of each position with itself and its neighbours, flattened to [N * h * w]. Past the border they are 0.
struct NeighbourProducts {
  ss::Tensor self, right, below, diagonal, antidiagonal;

  explicit NeighbourProducts(const ss::Tensor& map) {
    const int64_t h = map.size(2), w = map.size(3);
    const auto window = [&](int64_t top, int64_t left, int64_t height, int64_t width) {
      return ss::narrow(ss::narrow(map, 2, top, height), 3, left, width);
    };
    const auto products = [&](const ss::Tensor& a, const ss::Tensor& b) {
      const ss::Tensor sums = ss::sum(a * b, {1});
      return ss::reshape(ss::pad(sums, {0, w - sums.size(2), 0, h - sums.size(1)}), {-1});
    };
    self = products(map, map);
    right = products(window(0, 0, h, w - 1), window(0, 1, h, w - 1));
    below = products(window(0, 0, h - 1, w), window(1, 0, h - 1, w));
    diagonal = products(window(0, 0, h - 1, w - 1), window(1, 1, h - 1, w - 1));
    antidiagonal = products(window(0, 1, h - 1, w - 1), window(1, 0, h - 1, w - 1));
  }
};

// |f_p| of every pixel, from the products of its four neighbours.
ss::Tensor pixel_norms(const NeighbourProducts& products, const ss::PixelSources& from) {
  const auto at = [&](const ss::Tensor& of, std::size_t corner) { return ss::index_select(of, 0, from.rows[corner]); };
  const auto& [top_left, top_right, bottom_left, bottom_right] = from.weights;
  ss::Tensor squares = top_left * top_left * at(products.self, 0) + top_right * top_right * at(products.self, 1) +
                       bottom_left * bottom_left * at(products.self, 2) +
                       bottom_right * bottom_right * at(products.self, 3);
  const ss::Tensor mixed =
      top_left * top_right * at(products.right, 0) + bottom_left * bottom_right * at(products.right, 2) +
      top_left * bottom_left * at(products.below, 0) + top_right * bottom_right * at(products.below, 1) +
      top_left * bottom_right * at(products.diagonal, 0) + top_right * bottom_left * at(products.antidiagonal, 0);
  return ss::sqrt(ss::clamp_min(squares + 2 * mixed, 0));
}

// <f_p, M[y_p, j]> of every pixel and vector of its class: [P, m].
ss::Tensor memory_products(const ss::Tensor& rows, const ss::Tensor& memory, const ss::PixelSources& from) {
  const int64_t classes = memory.size(0), vectors = memory.size(1), channels = memory.size(2);
  const ss::Tensor products = ss::matmul(rows, ss::transpose(ss::reshape(memory, {-1, channels}), 0, 1));
  const ss::Tensor by_row_and_class = ss::reshape(products, {-1, vectors});  // [N * h * w * K, m]
  ss::Tensor result;
  for (std::size_t corner = 0; corner < 4; ++corner) {
    const ss::Tensor found = ss::index_select(by_row_and_class, 0, from.rows[corner] * classes + from.classes);
    const ss::Tensor part = found * ss::unsqueeze(from.weights[corner], 1);
    result = result ? result + part : part;
  }
  return result;
}

}  // namespace

ClassStatistics ClassStatistics::from(std::span<const ss::Tensor> tensors) {
  return {tensors[0], tensors[1], tensors[2], tensors[3]};
}

ClassStatistics class_statistics(const ss::Tensor& representation, const ss::Tensor& labels, const ss::Tensor& memory,
                                 Strategy strategy) {
  const int64_t classes = memory.size(0), vectors = memory.size(1), channels = memory.size(2);
  const ss::PixelSources from = ss::pixel_sources(labels, classes, representation);
  const ss::Tensor rows = ss::reshape(ss::permute(representation, {0, 2, 3, 1}), {-1, channels});

  const ss::Tensor norms = ss::unsqueeze(pixel_norms(NeighbourProducts(representation), from), 1);
  const ss::Tensor products = memory_products(rows, memory, from);
  const ss::Tensor memory_norms = ss::index_select(ss::norm(memory, {2}), 0, from.classes);  // [P, m]

  // Scaling a pixel's own norm does not change which vector is nearest, so only the memory's norms matter here.
  const ss::Tensor nearest = ss::argmax(products / ss::clamp_min(memory_norms, kLeastAssignNorm), 1, true);  // [P, 1]
  const ss::Tensor vector = from.classes * vectors + ss::squeeze(nearest, 1);
  const ss::Tensor ones = ss::ones({vector.numel()}, representation);

  ss::Tensor weight = ones;
  if (strategy == Strategy::cosine_similarity) {
    const ss::Tensor similarity =
        products / (ss::clamp_min(norms, kLeastNorm) * ss::clamp_min(memory_norms, kLeastNorm));
    weight = ss::clamp_min(1 - ss::squeeze(ss::gather(similarity, 1, nearest), 1), 0);
  }
  const int64_t count = classes * vectors;
  return {ss::grouped_feature_sum(rows, from, from.classes, classes, ones),
          ss::reshape(ss::grouped_sum(ones, vector, count), {classes, vectors}),
          ss::reshape(ss::grouped_sum(weight, vector, count), {classes, vectors}),
          ss::reshape(ss::grouped_feature_sum(rows, from, vector, count, weight), {classes, vectors, channels})};
}

}  // namespace mcibi
