#include <ATen/ops/full_like.h>

#include <string>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  Inputs inputs = network.inputs();
  inputs.labels = at::full_like(inputs.labels, 255);
  state::ExecutionContext context = network.context(true);
  std::vector<model::Prediction> predictions;
  const model::MemoryOutput output =
      network.memory()->forward(context, {inputs.features, inputs.context, inputs.labels, {}}, predictions);
  const auto before = values_of(network.store());
  network.memory()->apply(context, network.memory()->statistics(context, output.state, inputs.labels));
  require_same_state(network.store(), before, false, "where all labels are ignored");
}

}  // namespace

extern const Test kEmptyBatch = {"empty_batch",
                                 "a memory is left alone by a batch without labels",
                                 {"memory.h", "Updates the memory from the (summed) statistics."},
                                 "memory",
                                 run};

}  // namespace sshost::conform
