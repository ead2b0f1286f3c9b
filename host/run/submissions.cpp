#include "run/submissions.h"

#include <sshost/abi/dataset.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "config/nearest.h"
#include "config/prediction_formats.h"

namespace sshost::run {
namespace {

using data::Submission;

std::vector<Submission> all_submissions(const plugin::Registry& registry) {
  std::vector<Submission> all;
  for (const plugin::Component* component : registry.all()) {
    if (component->kind() != SS_DATASET_1) continue;
    std::ranges::move(data::submissions_of(*component), std::back_inserter(all));
  }
  return all;
}

std::vector<Submission> named(const std::vector<Submission>& all, const std::string& name) {
  std::vector<Submission> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Submission& each) { return each.name() == name; });
  return found;
}

std::string unknown(const std::string& format, const std::vector<Submission>& all) {
  std::vector<std::string> names = config::prediction_format_names();
  std::vector<std::string> layouts;
  for (const Submission& each : all) layouts.push_back(each.name());
  std::ranges::sort(layouts);
  layouts.erase(std::unique(layouts.begin(), layouts.end()), layouts.end());
  const std::string offered = layouts.empty() ? ", and no data set offers a layout"
                                              : ", or what a data set offers: " + config::join_names(layouts);
  const std::string own = config::join_names(names);
  names.insert(names.end(), layouts.begin(), layouts.end());
  return "expected one of " + own + offered + "; found \"" + format + "\"" + config::suggestion(format, names);
}

std::string ambiguous(const std::string& format, const std::vector<Submission>& found) {
  std::string text = "several data sets offer \"" + format + "\": ";
  for (const Submission& each : found) text += (&each == &found.front() ? "" : ", ") + each.who();
  return text + "; where data.dataset is one of them, its own is meant";
}

}  // namespace

std::vector<Submission> chosen_submissions(const plugin::Registry& registry, const config::Pipeline& pipeline,
                                           config::Problems& problems) {
  const config::ComponentConfig& dataset = pipeline.data.dataset;
  const std::vector<Submission> own = data::submissions_of(registry.find(dataset.kind, dataset.type));
  const std::vector<Submission> all = all_submissions(registry);
  const std::vector<std::string>& formats = pipeline.evaluate.prediction_formats;
  std::vector<Submission> chosen;
  for (size_t i = 0; i < formats.size(); ++i) {
    if (config::is_prediction_format(formats[i])) continue;
    std::vector<Submission> found = named(own, formats[i]);
    if (found.empty()) found = named(all, formats[i]);
    if (found.size() == 1) {
      chosen.push_back(std::move(found.front()));
      continue;
    }
    const std::string path = "evaluate.prediction_formats." + std::to_string(i);
    problems.error(config::deepest_at(pipeline.written, path).place, path,
                   found.empty() ? unknown(formats[i], all) : ambiguous(formats[i], found));
  }
  return chosen;
}

}  // namespace sshost::run
