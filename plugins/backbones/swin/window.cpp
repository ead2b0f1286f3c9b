#include "window.hpp"

#include <sshost/ops/arithmetic.hpp>
#include <sshost/ops/create.hpp>
#include <sshost/ops/index.hpp>
#include <sshost/ops/shape.hpp>

namespace {

// Kept finite, as published: a row of a window that is wholly masked would have no softmax.
constexpr double kMasked = -100;

// 0, 1 or 2 along one side: the windows before the last, and the two parts of the last that the shift has joined.
ss::Tensor regions(int64_t size, int64_t window, int64_t shift, const ss::Tensor& like) {
  const ss::Tensor place = ss::arange(size, like);
  return ss::to(place >= size - window, ss::Dtype::int64) + ss::to(place >= size - shift, ss::Dtype::int64);
}

}  // namespace

ss::Size whole_windows(ss::Size size, int64_t window) {
  return {(size.height + window - 1) / window * window, (size.width + window - 1) / window * window};
}

ss::Tensor padded(const ss::Tensor& map, ss::Size size) {
  const int64_t bottom = size.height - map.size(1), right = size.width - map.size(2);
  return right == 0 && bottom == 0 ? map : ss::pad(map, {0, 0, 0, right, 0, bottom});
}

ss::Tensor to_windows(const ss::Tensor& map, int64_t window) {
  const int64_t rows = map.size(1) / window, columns = map.size(2) / window, channels = map.size(3);
  const ss::Tensor cut = ss::reshape(map, {map.size(0), rows, window, columns, window, channels});
  return ss::reshape(ss::permute(cut, {0, 1, 3, 2, 4, 5}), {-1, window * window, channels});
}

ss::Tensor from_windows(const ss::Tensor& windows, ss::Size size, int64_t window) {
  const int64_t rows = size.height / window, columns = size.width / window, channels = windows.size(2);
  const ss::Tensor cut = ss::reshape(windows, {-1, rows, columns, window, window, channels});
  return ss::reshape(ss::permute(cut, {0, 1, 3, 2, 4, 5}), {-1, size.height, size.width, channels});
}

ss::Tensor shift_mask(ss::Size size, int64_t window, int64_t shift, const ss::Tensor& like) {
  const ss::Tensor of_rows = ss::unsqueeze(regions(size.height, window, shift, like), 1);
  const ss::Tensor map = of_rows * 3 + regions(size.width, window, shift, like);
  const ss::Tensor region =
      ss::squeeze(to_windows(ss::reshape(map, {1, size.height, size.width, 1}), window), 2);  // [windows, window^2]
  const ss::Tensor apart = ss::unsqueeze(region, 1) != ss::unsqueeze(region, 2);
  return ss::masked_fill(ss::zeros(apart.sizes(), like), apart, kMasked);
}

std::vector<int64_t> relative_position_index(int64_t window) {
  const int64_t side = 2 * window - 1;
  const int64_t pixels = window * window;
  std::vector<int64_t> places;  // of each pixel in a square of `side` cells a side
  for (int64_t pixel = 0; pixel < pixels; ++pixel) places.push_back(side * (pixel / window) + pixel % window);
  std::vector<int64_t> index;
  for (const int64_t place : places) {
    // In reverse the places count how far a pixel is from the last one, so the sum is an offset that is never negative.
    for (auto other = places.rbegin(); other != places.rend(); ++other) index.push_back(place + *other);
  }
  return index;
}
