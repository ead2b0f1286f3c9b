// The results of an operator's call: IValue of LibTorch to ss_value of the ABI.
#ifndef SSHOST_BRIDGE_RESULTS_H
#define SSHOST_BRIDGE_RESULTS_H

#include <ATen/core/stack.h>

#include <span>

#include "bridge/operator.h"

namespace sshost::bridge {

// Writes the results into `out`, a list as that many values, and tells how many there are. Tensors become the
// receiver's handles. Where there are more than `out` holds, none is written.
uint32_t store_results(const ss_operator_object& op, torch::jit::Stack& stack, std::span<ss_value> out);

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_RESULTS_H
