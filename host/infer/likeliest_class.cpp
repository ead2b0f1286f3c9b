#include "infer/likeliest_class.h"

#include <algorithm>
#include <limits>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/likeliest_class.cpp"
#include <hwy/foreach_target.h>  // compiles what follows once for each unit
#include <hwy/highway.h>

#ifndef SSHOST_INFER_BETWEEN
#define SSHOST_INFER_BETWEEN
namespace sshost::infer {

// Between which pixels of an axis an output pixel lies.
struct Between {
  int64_t lower, upper;
  float of_upper;  // its weight; the lower's is the rest

  Between(int64_t i, int64_t from, int64_t to) {
    const float scale = static_cast<float>(from) / static_cast<float>(to);
    const float at = std::max(0.0F, scale * (static_cast<float>(i) + 0.5F) - 0.5F);
    lower = std::min(static_cast<int64_t>(at), from - 1);
    upper = std::min(lower + 1, from - 1);
    of_upper = std::clamp(at - static_cast<float>(lower), 0.0F, 1.0F);
  }
};

}  // namespace sshost::infer
#endif  // SSHOST_INFER_BETWEEN

HWY_BEFORE_NAMESPACE();
namespace sshost::infer::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::ScalableTag<float>;
using Numbers = hn::RebindToSigned<Lanes>;

// A row of the map, resized along the columns: pixels of `step` numbers, those behind the classes below every score.
struct Row {
  std::vector<float> values;
  int64_t step;
};

void mix_rows(const ScoreMap& map, const Between& rows, Row& mixed) {
  const float* lower = map.data + rows.lower * map.width * map.classes;
  const float* upper = map.data + rows.upper * map.width * map.classes;
  for (int64_t x = 0; x < map.width; ++x) {
    float* out = mixed.values.data() + x * mixed.step;
    for (int64_t k = 0; k < map.classes; ++k) {
      const int64_t at = x * map.classes + k;
      out[k] = (1 - rows.of_upper) * lower[at] + rows.of_upper * upper[at];
    }
  }
}

int64_t likeliest_at(const Row& row, const Between& columns) {
  const Lanes lanes;
  const Numbers numbers;
  const auto count = static_cast<int64_t>(hn::Lanes(lanes));
  const float* lower = row.values.data() + columns.lower * row.step;
  const float* upper = row.values.data() + columns.upper * row.step;
  const auto of_lower = hn::Set(lanes, 1 - columns.of_upper);
  const auto of_upper = hn::Set(lanes, columns.of_upper);
  auto best = hn::Set(lanes, std::numeric_limits<float>::lowest());
  auto best_number = hn::Zero(numbers);
  auto number = hn::Iota(numbers, 0);
  for (int64_t k = 0; k < row.step; k += count) {
    const auto value =
        hn::MulAdd(of_lower, hn::LoadU(lanes, lower + k), hn::Mul(of_upper, hn::LoadU(lanes, upper + k)));
    const auto is_larger = hn::Gt(value, best);
    best = hn::IfThenElse(is_larger, value, best);
    best_number = hn::IfThenElse(hn::RebindMask(numbers, is_larger), number, best_number);
    number = hn::Add(number, hn::Set(numbers, static_cast<int32_t>(count)));
  }
  const auto is_best = hn::RebindMask(numbers, hn::Eq(best, hn::MaxOfLanes(lanes, best)));
  const auto candidates = hn::IfThenElse(is_best, best_number, hn::Set(numbers, std::numeric_limits<int32_t>::max()));
  return hn::GetLane(hn::MinOfLanes(numbers, candidates));
}

void find_likeliest(const ScoreMap& map, const OutputRows& rows, int64_t* classes) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(Lanes()));
  const int64_t step = (map.classes + lanes - 1) / lanes * lanes;
  Row row{std::vector<float>(static_cast<size_t>(map.width * step), std::numeric_limits<float>::lowest()), step};
  std::vector<Between> columns;
  for (int64_t x = 0; x < rows.width; ++x) columns.emplace_back(x, map.width, rows.width);
  for (int64_t y = rows.first; y < rows.last; ++y) {
    mix_rows(map, Between(y, map.height, rows.height), row);
    for (const Between& column : columns) *classes++ = likeliest_at(row, column);
  }
}

}  // namespace sshost::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sshost::infer {

HWY_EXPORT(find_likeliest);

void find_likeliest_classes(const ScoreMap& map, const OutputRows& rows, int64_t* classes) {
  HWY_DYNAMIC_DISPATCH(find_likeliest)(map, rows, classes);
}

}  // namespace sshost::infer
#endif  // HWY_ONCE
