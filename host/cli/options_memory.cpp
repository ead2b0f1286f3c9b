#include <memory>

#include "cli/commands.h"

namespace sshost::cli {
namespace {

void add_inspect(Command memory, const Works& works) {
  const auto arguments = std::make_shared<MemoryInspectArguments>();
  Command command =
      memory.add_command("inspect", "Show what a model's memory holds of every class, and which are alike");
  command.other_words({"show"});
  command.add_option("checkpoint", arguments->file, "A checkpoint of a model with a memory")
      .type_name("FILE")
      .required();
  command.add_option("--nearest", arguments->nearest, "How many of the most similar classes are named")
      .range(0, 100)
      .type_name("N")
      .show_default();
  command
      .add_option("--picture", arguments->picture,
                  "Draw the similarity of all pairs: .html for a page with their values, else PNG or JPEG")
      .type_name("FILE");
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "Vectors are compared by the cosine of their angle; those of fewer than 8 numbers, as a mean with its deviation, "
      "by their distance.\n");
  command.examples({"sshost memory inspect step-001000.safetensors",
                    "sshost memory inspect step-001000.safetensors --nearest 5 --picture memory.html"});
  command.runs(works.memory_inspect, arguments);
}

void add_diff(Command memory, const Works& works) {
  const auto arguments = std::make_shared<MemoryDiffArguments>();
  Command command = memory.add_command("diff", "Show how far a memory moved from one checkpoint to the next");
  command.add_option("checkpoints", arguments->files, "Two checkpoints or more of one model, the earliest first")
      .type_name("FILE")
      .required()
      .at_least(2);
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "A vector's way is |after - before| / |before|; a dash stands beside a class that had not been seen. The table "
      "compares the first file with the last.\n");
  command.examples({"sshost memory diff step-000500.safetensors step-001000.safetensors",
                    "sshost memory diff runs/mcibi-001/checkpoints/step-??????.safetensors"});
  command.runs(works.memory_diff, arguments);
}

void add_merge(Command memory, const Works& works) {
  const auto arguments = std::make_shared<MemoryMergeArguments>();
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
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes("A class that one of the memories has never seen, all zeros, takes the mean of the others.\n");
  command.examples({"sshost memory merge a.safetensors b.safetensors --output merged.safetensors",
                    "sshost memory merge a.safetensors b.safetensors --weights 3,1 --output c.safetensors"});
  command.runs(works.memory_merge, arguments);
}

}  // namespace

void add_memory_commands(Command app, const Works& works) {
  Command memory = app.add_command("memory", "Look at a feature memory, and merge several");
  add_inspect(memory, works);
  add_diff(memory, works);
  add_merge(memory, works);
}

}  // namespace sshost::cli
