// Compares a pipeline's model with a fixture of the published implementation.
#include <ATen/Parallel.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "bridge/boundary.h"
#include "cli/arguments.h"
#include "cli/command_line.h"
#include "parity/fixture.h"
#include "parity/prediction.h"
#include "parity/published_state.h"
#include "parity/report.h"
#include "parity/training.h"
#include "run/model.h"
#include "run/model_classes.h"

namespace sshost::parity {
namespace {

constexpr int kWithin = cli::kDone;
constexpr int kPast = cli::kFailed;
constexpr int kCannotRun = cli::kUsage;

constexpr const char* kNotes =
    "The weights are filled from their published names, so neither weights nor a data set are read. The file says what "
    "is compared: forward, inference (`mode` in its metadata), or training (X.train.json beside X.train.safetensors). "
    "Training in float32 compares each step from the state of a float64 run, which a float32 run of its own soon "
    "leaves.\n"
    "Exit codes: 0 within the tolerance, 1 past it, 2 it cannot run.\n";

struct Arguments {
  std::filesystem::path pipeline;
  std::filesystem::path fixture;
  std::filesystem::path keys;
  std::vector<std::string> set;
  bool float64 = false;
};

void require_keys(const run::Model& model, const std::filesystem::path& keys) {
  if (keys.empty()) return;
  const std::vector<std::string> differences = key_differences(*model.segmentor, model.store, keys);
  if (differences.empty()) return;
  std::string message = keys.string() + ": expected every tensor to be the model's and the other way round, found " +
                        std::to_string(differences.size()) + " that differ:";
  for (const std::string& difference : differences) message += "\n  " + difference;
  throw Error(message);
}

Verdict train(const run::Session& session, int64_t classes, const Fixture& fixture, const Arguments& arguments) {
  const auto model = run::build_model(session, classes, at::kDouble);
  require_keys(*model, arguments.keys);
  if (arguments.float64) return verdict_of_training(run_training(*model, nullptr, fixture).own, "own");
  const auto single = run::build_model(session, classes, at::kFloat);
  TrainingRun run = run_training(*model, single.get(), fixture);
  // Steps that each begin anew have no last state: it is the float64 run's.
  run.single.final_state = run.own.final_state;
  run.single.worst_state = run.own.worst_state;
  run.single.final_tolerance = run.own.final_tolerance;
  return verdict_of_training(run.single, "float64");
}

Verdict run(const Arguments& arguments) {
  const Fixture fixture = read_fixture(arguments.fixture);
  const run::Session session =
      run::open_session(arguments.pipeline, arguments.set, [](ss_log_level, std::string_view) {});
  const std::vector<data::Class> classes = run::model_classes(session, fixture.classes()).classes;
  const auto count = static_cast<int64_t>(classes.size());
  if (fixture.kind == Kind::kTraining) return train(session, count, fixture, arguments);
  const auto model = run::build_model(session, count, arguments.float64 ? at::kDouble : at::kFloat);
  require_keys(*model, arguments.keys);
  if (fixture.kind == Kind::kForward) return verdict_of_forward(run_forward(*model, fixture));
  return verdict_of_inference(run_inference(*model, fixture, classes, session.pipeline.evaluate));
}

int check(int count, char** words) {
  Arguments arguments;
  cli::CommandLine line("parity_check", "Compares a pipeline's model with the published implementation's numbers.");
  cli::Command command = line.command();
  command.add_option("--pipeline", arguments.pipeline, "YAML file").type_name("FILE").required();
  command.add_option("--fixture", arguments.fixture, "safetensors file").type_name("FILE").required();
  command.add_option("--keys", arguments.keys, "Names and shapes of the published checkpoint, to be matched one to one")
      .type_name("FILE");
  cli::add_set_option(command, arguments.set);
  command.add_flag("--float64", arguments.float64, "Compute in float64");
  command.notes(kNotes);
  command.examples(
      {"parity_check --pipeline pspnet.yaml --fixture forward/pspnet.safetensors --keys state_dicts/pspnet.keys.json"});
  command.runs([&] {
    const Verdict verdict = run(arguments);
    std::printf("%s\n", verdict.text.c_str());
    return verdict.within ? kWithin : kPast;
  });
  return line.run(count, words);
}

}  // namespace
}  // namespace sshost::parity

int main(int count, char** words) {
  try {
    return sshost::parity::check(count, words);
  } catch (...) {
    sshost::bridge::fail_with_current_exception();  // keeps LibTorch's message without its stack of calls
    const std::string message(sshost::bridge::message());
    std::fprintf(stderr, "error: %s\n", message.c_str());
    return sshost::parity::kCannotRun;
  }
}
