#ifndef SSHOST_STATE_GENERATOR_H
#define SSHOST_STATE_GENERATOR_H

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace sshost::state {

// A generator of its own on `device`: what is drawn elsewhere in the process does not move it.
at::Generator make_generator(at::Device device, uint64_t seed);

}  // namespace sshost::state

#endif  // SSHOST_STATE_GENERATOR_H
