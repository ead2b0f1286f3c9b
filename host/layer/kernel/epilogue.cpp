#include "layer/kernel/epilogue.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "layer/kernel/epilogue.cpp"
#include <hwy/foreach_target.h>  // compiles what follows once for each unit
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace sshost::layer::kernel::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Lanes>
HWY_INLINE void finish(Lanes lanes, const Epilogue& epilogue, int64_t row, int64_t i) {
  const int64_t at = row * epilogue.output_step + i;
  auto value =
      hn::Add(hn::LoadU(lanes, epilogue.products + row * epilogue.width + i), hn::LoadU(lanes, epilogue.bias + i));
  if (epilogue.residual != nullptr) value = hn::Add(value, hn::LoadU(lanes, epilogue.residual + at));
  if (epilogue.relu) value = hn::Max(hn::Zero(lanes), value);  // in this order NaN stays NaN
  hn::StoreU(value, lanes, epilogue.output + at);
}

void finish_rows(const Epilogue& epilogue) {
  const hn::ScalableTag<float> lanes;
  const hn::CappedTag<float, 1> one;
  const auto step = static_cast<int64_t>(hn::Lanes(lanes));
  for (int64_t row = 0; row < epilogue.rows; ++row) {
    int64_t i = 0;
    for (; i + step <= epilogue.width; i += step) finish(lanes, epilogue, row, i);
    for (; i < epilogue.width; ++i) finish(one, epilogue, row, i);
  }
}

}  // namespace sshost::layer::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace sshost::layer::kernel {

HWY_EXPORT(finish_rows);

void run_epilogue(const Epilogue& epilogue) { HWY_DYNAMIC_DISPATCH(finish_rows)(epilogue); }

}  // namespace sshost::layer::kernel
#endif  // HWY_ONCE
