#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/run_job.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/arguments.h"
#include "cli/descriptor_limit.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "distributed/rank_environment.h"

namespace sshost::cli {
namespace {

// Of a process that waits for ranks which do not answer: without a way back to main. Lines are written as they are
// said, so that nothing is left to be written.
[[noreturn]] void end_process(Session& session, const std::string& prefix, const std::string& why, bool is_stopped) {
  session.log().failure(why);
  session.console().clear_status();
  std::fprintf(stderr, "error: %s%s\n", prefix.c_str(), printable(why).c_str());
  std::_Exit(is_stopped ? exit_code_of_stop() : kFailed);
}

std::string prefix_of(const distributed::RankEnvironment& ranks) {
  return ranks.rank == 0 ? "" : "rank " + std::to_string(ranks.rank) + ": ";
}

int run_rank(const RunArguments& arguments, const distributed::RankEnvironment& ranks) {
  ignore_closed_pipes();
  if (ranks.count > 1) stop_on_signals();  // it tells the others of its end, also while it waits for them
  Session session(arguments.talk, ranks.rank);
  run::Session opened = session.open_pipeline(arguments);
  set_operator_threads(opened.pipeline);
  app::RunJob job(session.log(), std::move(opened), ranks, stop_flag(), [&](const std::string& why, bool is_stopped) {
    end_process(session, prefix_of(ranks), why, is_stopped);
  });
  const bool finished = job.run();
  if (session.is_json() && ranks.rank == 0) print_document(to_json(job.result()));
  return finished ? kDone : exit_code_of_stop();
}

}  // namespace

int run_pipeline(const RunArguments& arguments) {
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

}  // namespace sshost::cli
