#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "conform/check.h"
#include "conform/report.h"
#include "report/console.h"

namespace sshost::cli {
namespace {

conform::Request request_of(const PluginsCheckArguments& arguments) {
  if (arguments.seconds < 1) {
    throw UsageError("--seconds: expected at least 1, found " + std::to_string(arguments.seconds));
  }
  conform::Request request{arguments.library, arguments.options, arguments.tests};
  request.time = std::chrono::seconds(arguments.seconds);
  return request;
}

}  // namespace

// Without a Session, which has a thread: tests are forks.
int check_plugin(const PluginsCheckArguments& arguments) {
  report::Console console(arguments.talk.json ? stderr : stdout);
  const auto say = [&](const conform::Result& result) {
    if (!arguments.talk.quiet || result.verdict == conform::Verdict::kFailed) console.line(to_text(result));
  };
  const std::vector<conform::Result> results = conform::check_library(request_of(arguments), say);
  console.line(arguments.library.string() + ": " + conform::summary_of(results));
  if (arguments.talk.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const conform::Result& result : results) list.push_back(conform::to_json(result));
    print_document(
        {{"library", arguments.library.string()}, {"passed", !conform::any_failed(results)}, {"tests", list}});
  }
  return conform::any_failed(results) ? kFailed : kDone;
}

}  // namespace sshost::cli
