#ifndef SSHOST_STATE_PRECISION_H
#define SSHOST_STATE_PRECISION_H

#include <cstdint>

namespace sshost::state {

// What convolutions compute in, in inference that brings a place for prepared weights (ExecutionContext::prepared).
// Everything else is float32.
enum class Precision : uint8_t {
  kFloat32,
  kBfloat16,  // operands; sums are float32
  kInt8,      // those that StateStore::quantised names; the rest is float32
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_PRECISION_H
