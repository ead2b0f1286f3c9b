#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "cli/memory_file.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

std::vector<double> checked_weights(const MemoryMergeArguments& arguments) {
  if (arguments.weights.empty()) return std::vector<double>(arguments.files.size(), 1.0);
  const bool are_positive = std::all_of(arguments.weights.begin(), arguments.weights.end(),
                                        [](double weight) { return weight > 0 && std::isfinite(weight); });
  if (arguments.weights.size() == arguments.files.size() && are_positive) return arguments.weights;
  throw UsageError("--weights: expected a number above 0 for each of the " + std::to_string(arguments.files.size()) +
                   " checkpoints");
}

void replace(checkpoint::TensorFile& file, const std::string& name, const at::Tensor& values) {
  for (auto& [key, tensor] : file.tensors) {
    if (key == name) tensor = values.view(tensor.sizes()).to(tensor.scalar_type());
  }
}

}  // namespace

int merge_memories(const MemoryMergeArguments& arguments) {
  const std::vector<double> weights = checked_weights(arguments);
  Session session(arguments.talk);
  std::vector<MemoryFile> files = read_memory_files(session, arguments.files, arguments.trust);
  checkpoint::TensorFile merged = std::move(files[0].file);
  for (size_t m = 0; m < files[0].memories.size(); ++m) {
    std::vector<at::Tensor> memories;
    for (const MemoryFile& file : files) memories.push_back(file.memories[m].vectors);
    replace(merged, files[0].memories[m].name, checkpoint::weighted_mean(memories, weights));
    session.console().line(title_of(files[0].memories[m]) + ", the mean of " + std::to_string(files.size()));
  }
  checkpoint::save_with_checksums(arguments.target, std::move(merged));
  if (session.is_json()) {
    nlohmann::json names = nlohmann::json::array();
    for (const checkpoint::ClassMemory& memory : files[0].memories) names.push_back(memory.name);
    print_document({{"saved", arguments.target}, {"checkpoints", arguments.files}, {"memories", names}});
  }
  session.console().line("saved " + arguments.target + ": all else is that of " + files[0].path);
  return kDone;
}

}  // namespace sshost::cli
