#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

std::vector<at::Tensor> statistics_of(const Network& network, state::ExecutionContext& context, const Inputs& inputs) {
  std::vector<model::Prediction> predictions;
  const model::MemoryOutput output =
      network.memory()->forward(context, {inputs.features, inputs.context, inputs.labels, {}}, predictions);
  return network.memory()->statistics(context, output.state, inputs.labels);
}

Inputs part_of(const Inputs& whole, int64_t sample) {
  Inputs part = whole;
  for (at::Tensor& tensor : part.features) tensor = tensor.narrow(0, sample, 1);
  if (part.context.defined()) part.context = part.context.narrow(0, sample, 1);
  part.labels = part.labels.narrow(0, sample, 1);
  return part;
}

void run(const Subject& subject) {
  Network network(subject, 1, at::kDouble);
  const Inputs inputs = network.inputs({2, 64, 64});
  // Norms of a batch see its own values: not where they are those of all batches.
  state::ExecutionContext context = network.context();
  const std::vector<at::Tensor> whole = statistics_of(network, context, inputs);
  const std::vector<at::Tensor> first = statistics_of(network, context, part_of(inputs, 0)),
                                second = statistics_of(network, context, part_of(inputs, 1));
  if (first.size() != whole.size() || second.size() != whole.size())
    throw Broken("their number depends on the batch: " + std::to_string(whole.size()) + ", " +
                 std::to_string(first.size()));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (first[i].sizes() != whole[i].sizes())
      throw Broken(
          c10::str("the shape of statistics ", i, " depends on the batch: ", whole[i].sizes(), ", ", first[i].sizes()));
    const double apart = first[i].add(second[i]).sub(whole[i]).abs().max().item<double>();
    if (apart > 1e-6 * (1 + whole[i].abs().max().item<double>()))
      throw Broken(c10::str("statistics ", i, " of two images differ from the sum of each one's by ", apart));
  }
}

}  // namespace

extern const Test kStatistics = {"statistics",
                                 "a memory's statistics add up over parts of a batch",
                                 {"memory.h",
                                  "What `apply` needs of this batch, as tensors that may be summed element by element "
                                  "over processes: their number and shapes depend on the options alone."},
                                 "memory",
                                 run};

}  // namespace sshost::conform
