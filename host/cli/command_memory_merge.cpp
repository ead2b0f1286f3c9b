#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/memory_file.h"
#include "cli/session.h"

namespace sshost::cli {
namespace {

struct Arguments {
  std::vector<std::string> files;
  std::vector<std::string> trust;
  std::vector<double> weights;
  std::string target;
};

std::vector<double> checked_weights(const Arguments& arguments) {
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

int merge(const Arguments& arguments) {
  const std::vector<double> weights = checked_weights(arguments);
  Session session(false);
  std::vector<MemoryFile> files = read_memory_files(session, arguments.files, arguments.trust);
  checkpoint::TensorFile merged = std::move(files[0].file);
  for (size_t m = 0; m < files[0].memories.size(); ++m) {
    std::vector<at::Tensor> memories;
    for (const MemoryFile& file : files) memories.push_back(file.memories[m].vectors);
    replace(merged, files[0].memories[m].name, checkpoint::weighted_mean(memories, weights));
    session.console().line(title_of(files[0].memories[m]) + ", the mean of " + std::to_string(files.size()));
  }
  checkpoint::write_safetensors(arguments.target, merged);
  session.console().line("saved " + arguments.target + ": all else is that of " + files[0].path);
  return kDone;
}

}  // namespace

void add_memory_merge_command(Command memory) {
  const auto arguments = std::make_shared<Arguments>();
  Command command =
      memory.add_command("merge", "Save the first checkpoint with the mean of several checkpoints' memories");
  command.add_option("checkpoints", arguments->files, "Checkpoints of models alike")
      .type_name("FILE")
      .required()
      .at_least(2);
  command.add_option("--weights", arguments->weights, "How much each counts, as in 1,1,2; default: all the same")
      .type_name("NUMBER,...")
      .list();
  command
      .add_option("--output", arguments->target,
                  "The checkpoint to write, a .safetensors file; it appears complete or not at all")
      .type_name("FILE")
      .required();
  add_trust_option(command, arguments->trust);
  command.footer(
      "A class that one of the memories has never seen, all zeros, takes the mean of the others.\n"
      "Examples:\n"
      "  sshost memory merge a.safetensors b.safetensors --output merged.safetensors\n"
      "  sshost memory merge a.safetensors b.safetensors --weights 3,1 --output merged.safetensors");
  command.runs([arguments] { return merge(*arguments); });
}

}  // namespace sshost::cli
