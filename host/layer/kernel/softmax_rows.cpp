#include "layer/kernel/softmax_rows.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "layer/kernel/softmax_rows.cpp"
#include <hwy/foreach_target.h>  // compiles what follows once for each unit
#include <hwy/highway.h>
//
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace sshost::layer::kernel::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void softmax_row(float* row, int64_t length, float scale) {
  const hn::CappedTag<float, 64> lanes;
  const auto step = static_cast<int64_t>(hn::Lanes(lanes));
  const int64_t end = padded_row(length);
  // Half of the lowest number: the difference to any other one is finite.
  std::fill(row + length, row + end, std::numeric_limits<float>::lowest() / 2);
  auto largest = hn::LoadU(lanes, row);
  for (int64_t i = step; i < end; i += step) largest = hn::Max(largest, hn::LoadU(lanes, row + i));
  const auto most = hn::MaxOfLanes(lanes, largest);
  const auto factor = hn::Set(lanes, scale);
  auto sums = hn::Zero(lanes);
  for (int64_t i = 0; i < end; i += step) {
    const auto below = hn::Mul(hn::Sub(hn::LoadU(lanes, row + i), most), factor);
    const auto value = hn::IfThenElse(hn::IsNaN(below), below, hn::Exp(lanes, below));  // Exp would make it 0
    hn::StoreU(value, lanes, row + i);
    sums = hn::Add(sums, value);
  }
  const auto share = hn::Div(hn::Set(lanes, 1.0F), hn::SumOfLanes(lanes, sums));
  for (int64_t i = 0; i < end; i += step) hn::StoreU(hn::Mul(hn::LoadU(lanes, row + i), share), lanes, row + i);
}

void softmax_of(const Rows& rows) {
  for (int64_t i = 0; i < rows.count; ++i) softmax_row(rows.data + i * rows.step, rows.length, rows.scale);
}

}  // namespace sshost::layer::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sshost::layer::kernel {

HWY_EXPORT(softmax_of);

void softmax_rows(const Rows& rows) { HWY_DYNAMIC_DISPATCH(softmax_of)(rows); }

}  // namespace sshost::layer::kernel
#endif  // HWY_ONCE
