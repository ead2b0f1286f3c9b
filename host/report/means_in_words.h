#ifndef SSHOST_REPORT_MEANS_IN_WORDS_H
#define SSHOST_REPORT_MEANS_IN_WORDS_H

#include <string>

#include "evaluate/metric.h"

namespace sshost::report {

// "mean IoU 51.20 %, mean accuracy 60.00 %": the headlines; `remark` stands behind the first.
std::string headline_means(const evaluate::MetricValues& means, const evaluate::MetricOptions& options,
                           const std::string& remark = "");

// "mean Dice 67.00 %, mean boundary IoU 40.10 %": the others that were taken and are told.
std::string further_means(const evaluate::MetricValues& means, const evaluate::MetricOptions& options);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_MEANS_IN_WORDS_H
