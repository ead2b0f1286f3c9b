#include <ATen/core/Tensor.h>
#include <limits>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Inputs inputs = network.inputs();
    for (at::Tensor& tensor : inputs.features) tensor.fill_(value);
    network.infer(inputs);
  }
}

}  // namespace

extern const Test kNotFinite = {"not_finite",
                                "NaN in its inputs is no reason to crash or to hang",
                                {"status.h", "Every function that can fail returns an ss_status."},
                                "backbone head memory loss",
                                run};

}  // namespace sshost::conform
