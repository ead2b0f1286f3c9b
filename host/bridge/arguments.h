// The arguments and results of an operator's call: ss_value of the ABI <-> IValue of LibTorch.
#ifndef SSHOST_BRIDGE_ARGUMENTS_H
#define SSHOST_BRIDGE_ARGUMENTS_H

#include <ATen/core/stack.h>

#include <span>

#include "bridge/operator.h"

namespace sshost::bridge {

// Pushes the given arguments, and the schema's defaults for those that are missing at the end. Throws StatusError that
// names the operator, the argument, the type expected and the value found; the operator has not run then.
void push_arguments(const ss_operator_object& op, std::span<const ss_value> given, torch::jit::Stack& stack);

// Writes the results into `out`, a list as that many values, and tells how many there are. Tensors become the receiver's
// handles. Where there are more than `out` holds, none is written.
uint32_t store_results(const ss_operator_object& op, torch::jit::Stack& stack, std::span<ss_value> out);

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_ARGUMENTS_H
