// What parity_check prints, and whether it is content.
#ifndef SSHOST_TESTS_PARITY_REPORT_H
#define SSHOST_TESTS_PARITY_REPORT_H

#include <string>

#include "parity/difference.h"
#include "parity/training.h"

namespace sshost::parity {

struct Verdict {
  std::string text;  // lines without the last '\n'; the last one begins with "max_abs="
  bool within;
};

// "max_abs=1.2e-05 rel=8.9e-07 argmax_equal=1"
Verdict verdict_of_forward(const Difference& difference);
Verdict verdict_of_inference(const Difference& difference);

// A line for each step, then the largest of all. max_abs, rel and argmax_equal are the memory's, vector by vector;
// without one rel is that of the losses. `steps_from` says where each step began.
Verdict verdict_of_training(const TrainingDifferences& differences, const std::string& steps_from);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_REPORT_H
