#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/descriptor_limit.h"
#include "cli/interrupt.h"
#include "cli/run_job.h"
#include "cli/session.h"
#include "distributed/rank_environment.h"

namespace sshost::cli {
namespace {

// Of a process that waits for ranks which do not answer: without a way back to main. Lines are written as they are
// said, so that nothing is left to be written.
[[noreturn]] void end_process(Session& session, const std::string& prefix, const std::string& why, bool is_stopped) {
  session.log().failure(why);
  session.console().clear_status();
  std::fprintf(stderr, "error: %s%s\n", prefix.c_str(), why.c_str());
  std::_Exit(is_stopped ? exit_code_of_stop() : kFailed);
}

std::string prefix_of(const distributed::RankEnvironment& ranks) {
  return ranks.rank == 0 ? "" : "rank " + std::to_string(ranks.rank) + ": ";
}

int run_rank(const PipelineArguments& arguments, const distributed::RankEnvironment& ranks) {
  const std::atomic<bool>& stop = stop_on_signals();
  Session session(arguments.verbose, ranks.rank);
  run::Session opened = session.open_pipeline(arguments);
  session.remember_libraries(opened);
  RunJob job(session, std::move(opened), ranks, stop,
             [&](const std::string& why, bool is_stopped) { end_process(session, prefix_of(ranks), why, is_stopped); });
  try {
    return job.run() ? kDone : exit_code_of_stop();
  } catch (const std::exception& error) {
    session.log().failure(error.what());
    throw;
  }
}

int run(const PipelineArguments& arguments) {
  raise_descriptor_limit();
  const distributed::RankEnvironment ranks = distributed::read_rank_environment();
  if (ranks.rank == 0) return run_rank(arguments, ranks);
  const std::string prefix = prefix_of(ranks);
  try {
    return run_rank(arguments, ranks);
  } catch (const UsageError& error) {
    throw UsageError(prefix + error.what());
  } catch (const Error& error) {
    throw Error(prefix + error.what());
  }
}

}  // namespace

void add_run_command(Command app) {
  const auto arguments = std::make_shared<PipelineArguments>();
  Command command = app.add_command("run", "Train and evaluate what a pipeline says, and write a report");
  command.add_option("pipeline", arguments->file, "YAML file; without it the one in the checkpoint")
      .type_name("PIPELINE");
  add_pipeline_options(command, *arguments);
  command
      .add_option("--output", arguments->output,
                  "The run's folder; default: the pipeline's, or runs/<name>-001 and so on")
      .type_name("FOLDER");
  command.footer(
      "The folder holds the resolved pipeline, log.txt, metrics.jsonl, checkpoints/ and report.html.\n"
      "Ctrl-C finishes the step, saves, writes the report and exits with 130; a second one ends at once.\n"
      "Several processes train together where torchrun or srun starts them (docs/distributed.md).\n"
      "Examples:\n"
      "  sshost run configs/quickstart.yaml\n"
      "  sshost run pipeline.yaml --set model.head.type=psp --set train.steps=50 --output runs/psp\n"
      "  sshost run pipeline.yaml --output runs/psp --set train.resume=true\n"
      "  torchrun --nproc-per-node 4 --no-python sshost run pipeline.yaml\n"
      "  sshost run --checkpoint runs/psp/checkpoints/step-000050.safetensors --set run=[evaluate]");
  command.runs([arguments] { return run(*arguments); });
}

}  // namespace sshost::cli
