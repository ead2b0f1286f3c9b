// All functions on tensors.
#ifndef SSHOST_OPS_HPP
#define SSHOST_OPS_HPP

#include "call.hpp"
#include "ops/arithmetic.hpp"
#include "ops/create.hpp"
#include "ops/index.hpp"
#include "ops/linalg.hpp"
#include "ops/network.hpp"
#include "ops/reduce.hpp"
#include "ops/shape.hpp"

#endif
