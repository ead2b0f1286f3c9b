#ifndef SSHOST_ENGINE_GENERATOR_H
#define SSHOST_ENGINE_GENERATOR_H

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace sshost::engine {

// A generator of its own on `device`: what is drawn elsewhere in the process does not move it.
at::Generator make_generator(at::Device device, uint64_t seed);

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_GENERATOR_H
