// All layers. A layer is declared in a component's constructor and applied in its forward, any number of times.
#ifndef SSHOST_NN_HPP
#define SSHOST_NN_HPP

#include "nn/activation.hpp"
#include "nn/attention.hpp"
#include "nn/conv.hpp"
#include "nn/cross_attention.hpp"
#include "nn/dropout.hpp"
#include "nn/linear.hpp"
#include "nn/norm.hpp"
#include "nn/state.hpp"

#endif
