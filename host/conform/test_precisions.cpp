#include <ATen/core/Tensor.h>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  for (const at::ScalarType dtype : {at::kDouble, at::kBFloat16}) {
    Network network(subject);
    network.store().to(at::kCPU, dtype);
    const std::string when = dtype == at::kDouble ? "in float64" : "in bfloat16";
    try {
      require_finite(network.infer(network.inputs().to(dtype)), when);
    } catch (const Error& error) {
      throw Broken(when + ": " + error.what());
    }
  }
}

}  // namespace

extern const Test kPrecisions = {
    "precisions",
    "it works in bfloat16 and float64 as in float32",
    {"context.h", "The context of one forward: what a component may know, and the random numbers it may draw."},
    "backbone head memory",
    run};

}  // namespace sshost::conform
