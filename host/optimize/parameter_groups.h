#ifndef SSHOST_OPTIMIZE_PARAMETER_GROUPS_H
#define SSHOST_OPTIMIZE_PARAMETER_GROUPS_H

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "state/state_store.h"

namespace sshost::optimize {

// Factors for the parameters whose name holds `match`; the longest match wins, then the alphabetically first.
struct ParameterRule {
  std::string match;
  double lr_factor = 1;
  double decay_factor = 1;
};

// A parameter's factors on the learning rate and on the weight decay.
struct ParameterFactors {
  double lr = 1;
  double decay = 1;
  bool operator<(const ParameterFactors& other) const {
    return std::pair(lr, decay) < std::pair(other.lr, other.decay);
  }
};

// The factors of the rule that counts for this name.
ParameterFactors factors_for(std::string_view name, const std::vector<ParameterRule>& rules);

// Parameters that are updated alike, by one fused operator.
struct ParameterGroup {
  ParameterFactors factors;
  std::vector<std::string> names;
  std::vector<at::Tensor> parameters;  // share memory with the store
};

// The store's trainable parameters, one group for each pair of factors that occurs. `published` maps our names to those
// that the rules are matched against; a name that is not in it is its own.
std::vector<ParameterGroup> group_parameters(const state::StateStore& store, const std::vector<ParameterRule>& rules,
                                             const std::map<std::string, std::string>& published);

// The parameter's gradient as the fused operators need it: they walk over memory, so one that is laid out otherwise
// than the parameter is copied into its layout. Undefined where there is no gradient.
at::Tensor gradient_of(const at::Tensor& parameter);

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_PARAMETER_GROUPS_H
