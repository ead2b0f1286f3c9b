#include "cli/failure.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "cli/streams.h"
#include "config/json.h"

namespace sshost::cli {

Failure failure_of(const UsageError& error) {
  Failure failure{kUsage, error.what(), {}};
  if (const auto* mistakes = dynamic_cast<const config::PipelineError*>(&error))
    failure.problems = mistakes->problems();
  return failure;
}

int tell(const Failure& failure, bool as_json) {
  std::fprintf(stderr, "%s%s\n", failure.code == kUsage ? "" : "error: ", printable(failure.message).c_str());
  if (!as_json) return failure.code;
  nlohmann::json problems = nlohmann::json::array();
  for (const config::Problem& problem : failure.problems) problems.push_back(config::problem_to_json(problem));
  const nlohmann::json error = {
      {"kind", failure.code == kUsage ? "usage" : "failure"}, {"message", failure.message}, {"problems", problems}};
  print_document({{"error", error}});
  return failure.code;
}

bool asks_for_json(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

}  // namespace sshost::cli
