// What a page may show, with names that have to be escaped and values that are not there.
#ifndef SSHOST_TESTS_REPORT_SAMPLES_H
#define SSHOST_TESTS_REPORT_SAMPLES_H

#include "report/report.h"
#include "report/run_comparison.h"

namespace sshost::report {

// 100 steps, two classes of which one never occurs, one image.
Report sample_report();

// Run "a" with classes sky and car, run "<b>" with sky and bus.
RunComparison sample_comparison();

}  // namespace sshost::report

#endif  // SSHOST_TESTS_REPORT_SAMPLES_H
