#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/weight_ending.h"
#include "cli/memory_text.h"
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

}  // namespace

int merge_memories(const MemoryMergeArguments& arguments) {
  const std::vector<double> weights = checked_weights(arguments);
  checkpoint::require_checkpoint_name(arguments.target);
  Session session(arguments.talk);
  const std::vector<app::MemoryFile> files =
      app::read_memory_files(arguments.files, arguments.trust, session.shared_log());
  checkpoint::save_with_checksums(arguments.target, app::merge_memories(files, weights));
  nlohmann::json names = nlohmann::json::array();
  for (const checkpoint::ClassMemory& memory : files[0].memories) {
    session.console().line(title_of(memory) + ", the mean of " + std::to_string(files.size()));
    names.push_back(memory.name);
  }
  if (session.is_json()) {
    print_document({{"saved", arguments.target}, {"checkpoints", arguments.files}, {"memories", names}});
  }
  session.console().line("saved " + arguments.target + ": all else is that of " + files[0].path);
  return kDone;
}

}  // namespace sshost::cli
