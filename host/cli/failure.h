#ifndef SSHOST_CLI_FAILURE_H
#define SSHOST_CLI_FAILURE_H

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/command_line.h"
#include "config/problems.h"

namespace sshost::cli {

// Why a command ended without doing its work.
struct Failure {
  ExitCode code = kFailed;
  std::string message;
  std::vector<config::Problem> problems = {};  // the mistakes in the pipeline, where it is that
};

Failure failure_of(const UsageError& error);

// Tells a person on standard error and, where `as_json`, a script on standard output:
// {"error": {"kind": "usage" or "failure", "message", "problems": [config::problem_to_json]}}. Gives the exit code.
int tell(const Failure& failure, bool as_json);

// Whether the words behind the program's name ask for JSON, however wrong they are otherwise.
bool asks_for_json(const std::vector<std::string>& words);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_FAILURE_H
