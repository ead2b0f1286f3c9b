#include "conform/check.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "bridge/handle_ledger.h"
#include "config/nearest.h"
#include "plugin/child_process.h"

namespace sshost::conform {
namespace {

// The first letter of a child's report; the text follows.
constexpr char kPassed = '.', kFailed = 'f', kSkipped = 's';

// Runs in the child.
std::string report_of(const std::function<void()>& work) {
  try {
    work();
    return std::string(1, kPassed);
  } catch (const Skipped& why) {
    return kSkipped + std::string(why.what());
  } catch (const std::exception& seen) {
    return kFailed + std::string(seen.what());
  } catch (...) {
    return kFailed + std::string("an exception that is no std::exception");
  }
}

struct Outcome {
  Verdict verdict;
  std::string seen;
};

Outcome outcome_of(const plugin::ChildEnd& end, const plugin::ChildLimits& limits) {
  if (end.report.empty()) {
    return {Verdict::kFailed, "the process" + plugin::words_of(end, limits) +
                                  (end.printed.empty() ? "" : "; it printed: " + end.printed)};
  }
  const char letter = end.report.front();
  const Verdict verdict = letter == kPassed    ? Verdict::kPassed
                          : letter == kSkipped ? Verdict::kSkipped
                                               : Verdict::kFailed;
  return {verdict, end.report.substr(1)};
}

Outcome run_apart(const Request& request, const std::function<void()>& work) {
  const plugin::ChildLimits limits{request.time, request.bytes};
  return outcome_of(plugin::run_in_child(limits,
                                         [&](const plugin::ChildReport& report) {
                                           bridge::keep_handle_ledger();
                                           report(report_of(work));
                                         }),
                    limits);
}

// What the library offers; nothing where it cannot be loaded, which the tests of the library tell.
std::vector<ComponentName> components_of(const Request& request) {
  const plugin::ChildLimits limits{request.time, request.bytes};
  const plugin::ChildEnd end = plugin::run_in_child(limits, [&](const plugin::ChildReport& report) {
    nlohmann::json list = nlohmann::json::array();
    try {
      const plugin::Registry registry = load_library(request.library);
      for (const plugin::Component* each : registry.all()) list.push_back({each->kind(), each->name()});
    } catch (const std::exception&) {
      return;
    }
    report(list.dump());
  });
  std::vector<ComponentName> names;
  if (end.report.empty()) return names;
  for (const auto& each : nlohmann::json::parse(end.report)) names.push_back({each.at(0), each.at(1)});
  return names;
}

std::vector<const Test*> chosen_tests(const std::vector<std::string>& names) {
  if (names.empty()) return all_tests();
  std::vector<std::string> known;
  for (const Test* test : all_tests()) known.emplace_back(test->name);
  std::vector<const Test*> chosen;
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UsageError("no test is named \"" + name + "\"" + config::suggestion(name, known) +
                       "; there are: " + config::join_names(known));
    }
  }
  for (const Test* test : all_tests()) {
    if (std::find(names.begin(), names.end(), test->name) != names.end()) chosen.push_back(test);
  }
  return chosen;
}

class Suite {
 public:
  Suite(const Request& request, const std::function<void(const Result&)>& on_result)
      : request_(request), on_result_(on_result), tests_(chosen_tests(request.tests)) {}

  void test_library() {
    for (const Test* test : tests_) {
      if (*test->kinds == '\0') add(*test, "", [&] { test->run({request_.library, nullptr, {}, request_.options}); });
    }
  }

  void test(const ComponentName& name) {
    const std::string kind = plugin::word_of_kind(name.kind);
    for (const Test* test : tests_) {
      if (test->is_for(kind)) add(*test, kind + " " + name.name, [&] { run(*test, name); });
    }
  }

  std::vector<Result> take() { return std::move(results_); }

 private:
  void run(const Test& test, const ComponentName& name) const {
    const plugin::Registry registry = load_library(request_.library);
    Subject subject;
    try {
      subject = subject_of(registry, request_.library, name, request_.options);
    } catch (const UsageError& error) {
      throw Skipped(std::string("it cannot be created with these options (--options): ") + error.what());
    }
    test.run(subject);
  }

  void add(const Test& test, const std::string& component, const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = run_apart(request_, work);
    results_.push_back({&test, component, outcome.verdict, outcome.seen,
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
    on_result_(results_.back());
  }

  const Request& request_;
  const std::function<void(const Result&)>& on_result_;
  std::vector<const Test*> tests_;
  std::vector<Result> results_;
};

}  // namespace

std::vector<Result> check_library(const Request& request, const std::function<void(const Result&)>& on_result) {
  Request canonical = request;
  std::error_code error;
  canonical.library = std::filesystem::canonical(request.library, error);
  if (error) throw UsageError(request.library.string() + ": expected a plugin, found nothing that can be read there");
  Suite suite(canonical, on_result);
  suite.test_library();
  for (const ComponentName& name : components_of(canonical)) suite.test(name);
  return suite.take();
}

}  // namespace sshost::conform
