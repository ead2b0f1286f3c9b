#ifndef SSHOST_REPORT_CONFUSION_H
#define SSHOST_REPORT_CONFUSION_H

#include <string>

#include "report/matrix.h"
#include "report/report.h"

namespace sshost::report {

// The confusion matrix of an evaluation: of each class's pixels (a row) the part that each class was predicted for,
// what is right in one colour and what is wrong in another.
Matrix confusion_matrix(const Scores& scores);

// It as a section of the page, with the most frequent confusions as a table; empty where the scores have none.
std::string confusion_section(const Scores& scores);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_CONFUSION_H
