#include "state/generator.h"

#include <ATen/Context.h>
#include <ATen/core/Generator.h>

namespace sshost::state {

at::Generator make_generator(at::Device device, uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

}  // namespace sshost::state
