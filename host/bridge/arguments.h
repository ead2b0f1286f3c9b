// The arguments of an operator's call: ss_value of the ABI to IValue of LibTorch.
#ifndef SSHOST_BRIDGE_ARGUMENTS_H
#define SSHOST_BRIDGE_ARGUMENTS_H

#include <ATen/core/stack.h>

#include <span>

#include "bridge/operator.h"

namespace sshost::bridge {

// Pushes the given arguments, and the schema's defaults for those that are missing at the end. Throws StatusError that
// names the operator, the argument, the type expected and the value found; the operator has not run then.
void push_arguments(const ss_operator_object& op, std::span<const ss_value> given, torch::jit::Stack& stack);

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_ARGUMENTS_H
