#include "engine/generator.h"

#include <ATen/Context.h>

namespace sshost::engine {

at::Generator make_generator(at::Device device, uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

}  // namespace sshost::engine
