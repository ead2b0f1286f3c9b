#include "app/doctor.h"

#include <algorithm>

#include "config/value_error.h"
#include "run/split_comparison.h"

namespace sshost::app {
namespace {

int64_t problems_of(const run::Examination& found) {
  return std::count_if(found.findings.begin(), found.findings.end(),
                       [](const data::Finding& finding) { return !finding.is_note; });
}

}  // namespace

int64_t examine_splits(const run::Session& opened, int64_t limit,
                       const std::function<void(const std::string& split, const run::Examination& found)>& tell) {
  run::require_separate_splits(opened);
  run::SplitComparison splits_seen;
  int64_t problems = 0;
  for (const std::string& split : run::splits_to_examine(opened)) {
    run::Examination found = config::with_places(opened.pipeline, [&] { return run::examine(opened, split, limit); });
    splits_seen.look_at(split, found);
    problems += problems_of(found);
    tell(split, found);
  }
  return problems;
}

}  // namespace sshost::app
