// Feature maps: what a backbone gives and what heads and memories take, from the first stage to the last.
#ifndef SSHOST_FEATURES_HPP
#define SSHOST_FEATURES_HPP

#include <sshost/abi/backbone.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tensor.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// `channels`, and `stride`: the ratio of the image's side to the map's.
using FeatureSpec = ss_feature_spec;
using FeatureSpecs = std::span<const FeatureSpec>;

// A named input that a head asked for with `want` (head.hpp).
struct NamedInput {
  std::size_t index;
};

// The maps of one call, [N, channels, h, w] each, in the order of the specs; and the named inputs. Borrowed.
class Features : public std::span<const Tensor> {
 public:
  Features(const std::vector<Tensor>& maps, std::span<const Tensor> named) : span(maps), named_(named) {}

  using std::span<const Tensor>::operator[];
  const Tensor& operator[](NamedInput input) const {
    if (input.index >= named_.size()) throw Error("named input " + std::to_string(input.index) + " was not given");
    return named_[input.index];
  }

 private:
  std::span<const Tensor> named_;
};

}  // namespace v1
}  // namespace ss

#endif
