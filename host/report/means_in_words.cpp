#include "report/means_in_words.h"

#include "report/html.h"

namespace sshost::report {
namespace {

std::string in_words(const evaluate::MetricValues& means, const evaluate::MetricOptions& options, bool headline,
                     const std::string& remark) {
  std::string words;
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    if (metric.is_headline != headline || !metric.is_told || !evaluate::is_taken(metric, options)) continue;
    const std::string mean = "mean " + evaluate::label_of(metric, options.beta) + " " +
                             percent(evaluate::value_of(means, metric.name)) + " %";
    words += words.empty() ? mean + remark : ", " + mean;
  }
  return words;
}

}  // namespace

std::string headline_means(const evaluate::MetricValues& means, const evaluate::MetricOptions& options,
                           const std::string& remark) {
  return in_words(means, options, true, remark);
}

std::string further_means(const evaluate::MetricValues& means, const evaluate::MetricOptions& options) {
  return in_words(means, options, false, "");
}

}  // namespace sshost::report
