// What a component gave, compared. A difference is Broken, and names the output by its number.
#ifndef SSHOST_CONFORM_OUTPUTS_H
#define SSHOST_CONFORM_OUTPUTS_H

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "state/state_store.h"

namespace sshost::conform {

// Bit by bit; NaN equals NaN.
void require_equal(const std::vector<at::Tensor>& first, const std::vector<at::Tensor>& second,
                   const std::string& when);

void require_finite(const std::vector<at::Tensor>& outputs, const std::string& when);

// Copies of the values of a store, by name.
std::map<std::string, at::Tensor> values_of(const state::StateStore& store);

// Of parameters, or of all entries, none may differ from `before`.
void require_same_state(const state::StateStore& store, const std::map<std::string, at::Tensor>& before,
                        bool parameters_alone, const std::string& when);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_OUTPUTS_H
