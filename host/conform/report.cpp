#include "conform/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sshost::conform {
namespace {

const char* word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    default:
      return "skipped";
  }
}

int64_t count(const std::vector<Result>& results, Verdict verdict) {
  return std::count_if(results.begin(), results.end(), [&](const Result& each) { return each.verdict == verdict; });
}

}  // namespace

std::string to_text(const Result& result) {
  std::string word = word_of(result.verdict);
  word.resize(8, ' ');
  const std::string who = result.component.empty() ? "" : result.component + ": ";
  std::string text = word + who + result.test->name + ": " + result.test->text;
  if (result.verdict == Verdict::kSkipped) return text + "\n        " + result.seen;
  if (result.verdict == Verdict::kPassed) return text;
  return text + "\n        seen: " + result.seen + "\n        the contract (sshost/abi/" + result.test->promise.header +
         "): \"" + result.test->promise.text + "\"";
}

std::string summary_of(const std::vector<Result>& results) {
  std::string text;
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kFailed, Verdict::kSkipped}) {
    text += (text.empty() ? "" : ", ") + std::to_string(count(results, verdict)) + " " + word_of(verdict);
  }
  return text;
}

nlohmann::json to_json(const Result& result) {
  const auto or_null = [](const std::string& text) { return text.empty() ? nlohmann::json() : nlohmann::json(text); };
  return {
      {"test", result.test->name},    {"component", or_null(result.component)}, {"verdict", word_of(result.verdict)},
      {"seen", or_null(result.seen)}, {"header", result.test->promise.header},  {"sentence", result.test->promise.text},
      {"seconds", result.seconds}};
}

bool any_failed(const std::vector<Result>& results) { return count(results, Verdict::kFailed) > 0; }

}  // namespace sshost::conform
