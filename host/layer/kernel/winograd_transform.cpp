#include "layer/kernel/winograd_transform.h"

#include <array>
#include <cstddef>
#include <utility>

#include "layer/kernel/winograd_matrices.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "layer/kernel/winograd_transform.cpp"
#include <hwy/foreach_target.h>  // compiles what follows once for each unit
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sshost::layer::kernel::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Lanes>;

// sum of row[k] * values[k]; zeros cost nothing, since the matrices are constants of the loop that is unrolled.
template <const auto& matrix, size_t row, size_t... k>
HWY_INLINE Vec combined(const Vec* values, size_t step, std::index_sequence<k...>) {
  Vec sum = hn::Zero(Lanes());
  const auto add = [&](float factor, const Vec& value) HWY_ATTR {
    if (factor == 0) return;
    if (factor == 1) {
      sum = hn::Add(sum, value);
    } else {
      sum = hn::MulAdd(hn::Set(Lanes(), factor), value, sum);
    }
  };
  (add(matrix[row][k], values[k * step]), ...);
  return sum;
}

// out = matrix . in . matrix^T for a matrix of `to` rows and `from` columns; in[from][from], out[to][to].
template <const auto& matrix, size_t to, size_t from>
HWY_INLINE void both_sides(const Vec* in, Vec* out) {
  Vec half[to * from];
  const auto rows = [&]<size_t... row>(std::index_sequence<row...>) HWY_ATTR {
    for (size_t column = 0; column < from; ++column) {
      ((half[row * from + column] = combined<matrix, row>(in + column, from, std::make_index_sequence<from>())), ...);
    }
  };
  rows(std::make_index_sequence<to>());
  const auto columns = [&]<size_t... column>(std::index_sequence<column...>) HWY_ATTR {
    for (size_t row = 0; row < to; ++row) {
      ((out[row * to + column] = combined<matrix, column>(half + row * from, 1, std::make_index_sequence<from>())),
       ...);
    }
  };
  columns(std::make_index_sequence<to>());
}

template <size_t m>
struct Transform {
  static constexpr size_t n = m + 2;
  static constexpr WinogradMatrices<m> matrices = make_winograd_matrices<m>();
  static constexpr auto input = matrices.input;
  static constexpr auto filter = matrices.filter;
  static constexpr auto output = matrices.output;

  template <size_t row>
  static void filter_row(const float* weight, int64_t tap_step, int64_t count, float* out) {
    const Lanes lanes;
    Vec taps[9];
    Vec half[3];
    const auto points = [&]<size_t... column>(int64_t i, std::index_sequence<column...>) HWY_ATTR {
      (hn::StoreU(combined<filter, column>(half, 1, std::make_index_sequence<3>()), lanes,
                  out + static_cast<int64_t>(column) * count + i),
       ...);
    };
    for (int64_t i = 0; i < count; i += static_cast<int64_t>(hn::Lanes(lanes))) {
      for (size_t tap = 0; tap < 9; ++tap)
        taps[tap] = hn::LoadU(lanes, weight + static_cast<int64_t>(tap) * tap_step + i);
      for (size_t column = 0; column < 3; ++column)
        half[column] = combined<filter, row>(taps + column, 3, std::make_index_sequence<3>());
      points(i, std::make_index_sequence<n>());
    }
  }

  static void filters(int row, const float* weight, int64_t tap_step, int64_t count, float* out) {
    const auto of_row = [&]<size_t... rows>(std::index_sequence<rows...>) HWY_ATTR {
      ((static_cast<size_t>(row) == rows ? filter_row<rows>(weight, tap_step, count, out) : void()), ...);
    };
    of_row(std::make_index_sequence<n>());
  }

  static void inputs(const float* const* pixels, int64_t count, float* out, int64_t point_step) {
    const Lanes lanes;
    Vec values[n * n];
    Vec points[n * n];
    for (int64_t i = 0; i < count; i += static_cast<int64_t>(hn::Lanes(lanes))) {
      for (size_t p = 0; p < n * n; ++p) {
        values[p] = pixels[p] == nullptr ? hn::Zero(lanes) : hn::LoadU(lanes, pixels[p] + i);
      }
      both_sides<input, n, n>(values, points);
      for (size_t p = 0; p < n * n; ++p) hn::StoreU(points[p], lanes, out + static_cast<int64_t>(p) * point_step + i);
    }
  }

  static void outputs(const float* products, int64_t point_step, int64_t count, const OutputTile& tile) {
    const Lanes lanes;
    Vec points[n * n];
    Vec pixels[m * m];
    for (int64_t i = 0; i < count; i += static_cast<int64_t>(hn::Lanes(lanes))) {
      for (size_t p = 0; p < n * n; ++p)
        points[p] = hn::LoadU(lanes, products + static_cast<int64_t>(p) * point_step + i);
      both_sides<output, m, n>(points, pixels);
      const Vec bias = hn::LoadU(lanes, tile.bias + i);
      for (size_t p = 0; p < m * m; ++p) {
        if (tile.pixels[p] == nullptr) continue;
        Vec value = hn::Add(pixels[p], bias);
        if (tile.residuals != nullptr) value = hn::Add(value, hn::LoadU(lanes, tile.residuals[p] + i));
        if (tile.relu) value = hn::Max(hn::Zero(lanes), value);  // in this order NaN stays NaN
        hn::StoreU(value, lanes, tile.pixels[p] + i);
      }
    }
  }
};

// Calls `function.operator()<m>()`.
template <typename Function>
HWY_INLINE void with_size(int m, Function&& function) {
  switch (m) {
    case 2:
      return function.template operator()<2>();
    case 3:
      return function.template operator()<3>();
    case 4:
      return function.template operator()<4>();
    default:
      return function.template operator()<6>();
  }
}

void filters(int m, int row, const float* weight, int64_t tap_step, int64_t count, float* out) {
  with_size(m, [&]<size_t size>() { Transform<size>::filters(row, weight, tap_step, count, out); });
}

void inputs(int m, const float* const* pixels, int64_t count, float* out, int64_t point_step) {
  with_size(m, [&]<size_t size>() { Transform<size>::inputs(pixels, count, out, point_step); });
}

void outputs(int m, const float* products, int64_t point_step, int64_t count, const OutputTile& tile) {
  with_size(m, [&]<size_t size>() { Transform<size>::outputs(products, point_step, count, tile); });
}

}  // namespace sshost::layer::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sshost::layer::kernel {

HWY_EXPORT(filters);
HWY_EXPORT(inputs);
HWY_EXPORT(outputs);

void transform_filters(int m, int row, const float* weight, int64_t tap_step, int64_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(filters)(m, row, weight, tap_step, count, out);
}

void transform_input(int m, const float* const* points, int64_t count, float* out, int64_t point_step) {
  HWY_DYNAMIC_DISPATCH(inputs)(m, points, count, out, point_step);
}

void transform_output(int m, const float* products, int64_t point_step, int64_t count, const OutputTile& tile) {
  HWY_DYNAMIC_DISPATCH(outputs)(m, products, point_step, count, tile);
}

}  // namespace sshost::layer::kernel
#endif  // HWY_ONCE
