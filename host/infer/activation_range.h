#ifndef SSHOST_INFER_ACTIVATION_RANGE_H
#define SSHOST_INFER_ACTIVATION_RANGE_H

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "state/quantisation.h"

namespace sshost::infer {

// How an activation's range is found from its values: it ends where `percentile` % of them lie within, on either side;
// at the largest and the smallest with 100; and with 0 where the mean squared error of their codes is the least.
struct RangeMethod {
  std::string name;
  double percentile = 0;
};

// Those that are tried.
const std::vector<RangeMethod>& range_methods();

// Values of an activation from several images: a few thousand of each map, evenly spread, and the ends of all.
class ActivationRange {
 public:
  // map: float32 on the CPU.
  void add(const at::Tensor& map);
  void add(const ActivationRange& other);

  bool is_empty() const { return values_.empty(); }

  // Codes in which 0 is exact, as padding is. Throws Error where nothing was added, or not a number.
  state::Codes codes(const RangeMethod& method) const;

 private:
  struct Range {
    float low, high;
  };
  Range range(const RangeMethod& method) const;
  Range least_error() const;
  double error(const Range& range) const;

  std::vector<float> values_;
  float least_ = 0;  // with 0 among them
  float largest_ = 0;
};

}  // namespace sshost::infer

#endif  // SSHOST_INFER_ACTIVATION_RANGE_H
