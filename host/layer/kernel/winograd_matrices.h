// The matrices of Winograd's minimal filtering F(m, 3) (Lavin & Gray, "Fast Algorithms for Convolutional Neural
// Networks", CVPR 2016), made by Cook and Toom's construction from interpolation points: m outputs of a filter with 3
// taps from n = m + 2 inputs by n products,
//   y = output . ((filter . g) * (input . d)).
#ifndef SSHOST_LAYER_KERNEL_WINOGRAD_MATRICES_H
#define SSHOST_LAYER_KERNEL_WINOGRAD_MATRICES_H

#include <array>
#include <cstddef>

namespace sshost::layer::kernel {

template <size_t m>
struct WinogradMatrices {
  static constexpr size_t n = m + 2;
  std::array<std::array<float, n>, n> input{};
  std::array<std::array<float, 3>, n> filter{};
  std::array<std::array<float, n>, m> output{};
};

namespace detail {

// Small, in pairs of opposite sign: their powers stay close to 1, and with them the error.
inline constexpr std::array<double, 7> kPoints = {0, 1, -1, 2, -2, 0.5, -0.5};

constexpr double absolute(double value) { return value < 0 ? -value : value; }

}  // namespace detail

// m from 2 to 6.
template <size_t m>
constexpr WinogradMatrices<m> make_winograd_matrices() {
  constexpr size_t n = m + 2;
  constexpr size_t finite = n - 1;  // the last point is infinity
  WinogradMatrices<m> made;
  for (size_t j = 0; j < finite; ++j) {
    // The polynomial with all finite points but this one as roots, and its value here.
    std::array<double, n> roots{1};
    double value = 1;
    size_t degree = 0;
    for (size_t other = 0; other < finite; ++other) {
      if (other == j) continue;
      ++degree;
      for (size_t k = degree; k > 0; --k) roots[k] = roots[k - 1] - detail::kPoints[other] * roots[k];
      roots[0] *= -detail::kPoints[other];
      value *= detail::kPoints[j] - detail::kPoints[other];
    }
    // What is divided out of one side is multiplied into the other: the largest number of the input's row becomes 1.
    double largest = 0;
    for (size_t k = 0; k < n; ++k)
      largest = detail::absolute(roots[k]) > largest ? detail::absolute(roots[k]) : largest;
    for (size_t k = 0; k < n; ++k) made.input[j][k] = static_cast<float>(roots[k] / largest);
    double power = 1;
    for (size_t k = 0; k < 3; ++k, power *= detail::kPoints[j]) {
      made.filter[j][k] = static_cast<float>(power * largest / value);
    }
    power = 1;
    for (size_t k = 0; k < m; ++k, power *= detail::kPoints[j]) made.output[k][j] = static_cast<float>(power);
  }
  std::array<double, n> roots{1};
  for (size_t other = 0; other < finite; ++other) {
    for (size_t k = other + 1; k > 0; --k) roots[k] = roots[k - 1] - detail::kPoints[other] * roots[k];
    roots[0] *= -detail::kPoints[other];
  }
  for (size_t k = 0; k < n; ++k) made.input[finite][k] = static_cast<float>(roots[k]);
  made.filter[finite][2] = 1;
  made.output[m - 1][finite] = 1;
  return made;
}

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_WINOGRAD_MATRICES_H
